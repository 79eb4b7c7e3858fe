import pytest

from organization.models import User
from tests import factories
from tests.client import StrictClient

pytestmark = pytest.mark.django_db


def test_nobody_signs_himself_up():
    answer = StrictClient().post(
        "/accounts/signup/",
        {"username": "guest", "password1": "a long enough secret", "password2": "a long enough secret"},
    )
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_anybody_could_have_a_mail_sent_to_any_address(mailoutbox):
    StrictClient().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert mailoutbox == []


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "重设登录密码"), ("en", "Reset")])
def test_mail_for_a_new_password_was_half_english(mailoutbox, language, word):
    user = factories.user("王芳", email="wangfang@example.org", language=language)
    user.set_password("三月 例会 记得 带本子")
    user.save()
    StrictClient(headers={"accept-language": "en"}).post("/accounts/password/reset/", {"email": user.email})
    mail = mailoutbox[0]
    assert mail.subject.startswith("一线牵：") and word in mail.subject
    assert "/accounts/password/reset/key/" in mail.body
    assert ("Hello" in mail.body) == ("您好" not in mail.body) == (language == "en")


def test_open_session_took_another_mail_address_without_the_password():
    user = factories.user()
    user.set_password("三月 例会 记得 带本子")
    user.save()
    client = StrictClient()
    client.force_login(user)
    answer = client.post("/accounts/email/", {"action_add": "", "email": "mine@example.org"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not user.emailaddress_set.exists()
