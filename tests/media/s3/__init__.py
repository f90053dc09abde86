"""Run by `make test-s3`, not by `make test`: needs Debian's packages of Ceph."""
