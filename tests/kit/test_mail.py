"""Mail, against a real SMTP server in a process of its own."""

import datetime
import ipaddress
import stat
from email.errors import HeaderParseError
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rookery.cli.mail import newest
from rookery.kit.mail import (
    FolderMailer,
    Mail,
    MailRefused,
    MailUnavailable,
    SmtpMailer,
    compose,
    make_mailer,
    parse_smtp_url,
)
from rookery.kit.settings import Settings, SettingsError
from tests.smtp_server import smtp_server

FROM = "Rookery <no-reply@rookery.test>"


def mail(to: str = "ana@example.org") -> Mail:
    return Mail(to, "Grüße", "Hällo,\n\nhttp://rookery.test/x?token=a_b-c\n", "<p>Hällo</p>")


def mailer(url: str) -> SmtpMailer:
    return SmtpMailer(parse_smtp_url(url), FROM)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with key.pem and cert.pem for 127.0.0.1, which is its own authority."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(plain)
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    return folder


def tls_options(certificate: Path, kind: str) -> list[str]:
    return [kind, "--cert", str(certificate / "cert.pem"), "--key", str(certificate / "key.pem")]


async def test_delivers(tmp_path: Path) -> None:
    async with smtp_server(tmp_path) as server:
        await mailer(f"smtp://127.0.0.1:{server.port}").send(mail())
        [got] = server.mails()
    assert (got["X-MailFrom"], got["X-RcptTo"], got["X-Tls"]) == ("no-reply@rookery.test", "ana@example.org", "no")
    assert (str(got["From"]), str(got["To"]), got["Subject"]) == (FROM, "ana@example.org", "Grüße")
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"].endswith("@rookery.test>")
    text, html = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == mail().text
    assert html.get_content().strip() == mail().html


async def test_refused_for_good_or_for_now(tmp_path: Path) -> None:
    async with smtp_server(tmp_path) as server:
        url = f"smtp://127.0.0.1:{server.port}"
        with pytest.raises(MailRefused, match="550"):
            await mailer(url).send(mail("gone@example.org"))
        with pytest.raises(MailUnavailable, match="451"):
            await mailer(url).send(mail("busy@example.org"))
        assert server.mails() == []
    with pytest.raises(MailUnavailable):
        await mailer(url).send(mail())


async def test_starttls(tmp_path: Path, certificate: Path) -> None:
    ca = certificate / "cert.pem"
    options = [*tls_options(certificate, "--starttls"), "--user", "us er", "--password", "p@ss/word"]
    async with smtp_server(tmp_path, *options) as server:
        base = f"127.0.0.1:{server.port}"
        await mailer(f"smtp://us%20er:p%40ss%2Fword@{base}?ca={ca}&starttls=always").send(mail())
        [got] = server.mails()
        assert (got["X-Tls"], got["X-Authenticated"]) == ("yes", "True")
        for url in (
            f"smtp://us%20er:p%40ss%2Fword@{base}?starttls=always",  # the certificate is nobody's that we trust
            f"smtp://us%20er:wrong@{base}?ca={ca}",
            f"smtp://{base}?starttls=never",
        ):
            with pytest.raises(MailUnavailable):
                await mailer(url).send(mail())
        assert len(server.mails()) == 1


async def test_smtps(tmp_path: Path, certificate: Path) -> None:
    async with smtp_server(tmp_path, *tls_options(certificate, "--smtps")) as server:
        await mailer(f"smtps://127.0.0.1:{server.port}?ca={certificate / 'cert.pem'}").send(mail())
        assert len(server.mails()) == 1


async def test_demanded_starttls_is_not_there(tmp_path: Path) -> None:
    async with smtp_server(tmp_path) as server:
        with pytest.raises(MailUnavailable):
            await mailer(f"smtp://127.0.0.1:{server.port}?starttls=always").send(mail())
        assert server.mails() == []


async def test_plain_login(tmp_path: Path) -> None:
    async with smtp_server(tmp_path, "--user", "u", "--password", "p") as server:
        await mailer(f"smtp://u:p@127.0.0.1:{server.port}").send(mail())
        assert len(server.mails()) == 1


def test_password_goes_to_another_machine_by_tls_only() -> None:
    assert parse_smtp_url("smtp://u:p@mail.example.org").starttls is True
    assert parse_smtp_url("smtp://u:p@mail.example.org?starttls=never").starttls is False
    assert parse_smtp_url("smtp://mail.example.org").starttls is None
    assert parse_smtp_url("smtp://u:p@localhost").starttls is None


def test_ports() -> None:
    urls = ("smtp://a", "smtp://u:p@a", "smtps://a", "smtp://a:2525")
    assert [parse_smtp_url(url).port for url in urls] == [25, 587, 465, 2525]


@pytest.mark.parametrize("url", ["http://a", "smtp://", "mail.example.org", "smtp://a?starttls=x", "smtp://a:99999"])
def test_wrong_url(url: str) -> None:
    with pytest.raises(SettingsError, match="ROOKERY_SMTP_URL"):
        make_mailer(Settings(smtp_url=url))


def test_no_header_can_be_smuggled_in() -> None:
    for to in ("ana@example.org\r\nBcc: ben@example.org", "ana@example.org, ben@example.org"):
        with pytest.raises((ValueError, HeaderParseError)):
            compose(mail(to), FROM)


async def test_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "mail"
    keeper = make_mailer(Settings(mail_dir=str(folder), mail_from=FROM))
    assert isinstance(keeper, FolderMailer)
    for number in range(3):
        await keeper.send(mail(f"ana{number}@example.org"))
    assert [str(each["To"]) for each in newest(folder, 2)] == ["ana1@example.org", "ana2@example.org"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.suffix for path in folder.iterdir()} == {".eml"}


async def test_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MailUnavailable, match="file"):
        await FolderMailer(tmp_path / "file" / "mail", FROM).send(mail())
