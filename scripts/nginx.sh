#!/usr/bin/env bash
# Makes sure that there is an nginx for `rookery up --apart`: the system's, or Debian's package.
set -eu
PATH=$PATH:/usr/sbin:/usr/local/sbin
command -v nginx >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Debian's nginx ..."
  if [ ! -e /usr/sbin/policy-rc.d ]; then # install, do not start
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
  fi
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nginx-light >/dev/null
else
  echo "nginx is missing: apt-get install nginx-light, or what your system calls it" >&2
  exit 1
fi
