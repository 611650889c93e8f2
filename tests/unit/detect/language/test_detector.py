import pytest

from firebreak.detect.language.detector import LANGUAGES, MAX_CHANGES, RULES, LanguageDetector
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View

SAMPLES = {
    "en": "Please tell me how I can change the password of my account, because I do not remember it.",
    "de": "Bitte fasse den folgenden Text zusammen und sage mir, was die wichtigsten Punkte sind.",
    "fr": "Pouvez-vous me dire comment je peux changer mon mot de passe ? Merci pour votre aide.",
    "es": "¿Puedes decirme cómo puedo cambiar la contraseña de mi cuenta? No la recuerdo.",
    "it": "Puoi dirmi come posso cambiare la password del mio account? Non la ricordo più.",
    "pt": "Você pode me dizer como eu posso mudar a senha da minha conta? Não me lembro dela.",
    "nl": "Kun je mij vertellen hoe ik het wachtwoord van mijn account kan wijzigen? Ik weet het niet meer.",
    "sv": "Kan du berätta för mig hur jag ändrar lösenordet till mitt konto? Jag minns det inte.",
    "da": "Hvad skal jeg gøre nu, når jeg ikke kan huske, hvordan man bliver medlem af noget? Sig mig det og vis mig det efter ferien.",
    "no": "Kan du fortelle meg hvordan jeg endrer passordet til kontoen min? Jeg husker det ikke, hva skal jeg gjøre nå?",
    "fi": "Voitko kertoa, miten voin vaihtaa salasanani? En muista sitä, mutta se on tärkeä minun.",
    "pl": "Czy możesz mi powiedzieć, jak zmienić hasło do konta? Nie pamiętam go już, a jest to ważne.",
    "cs": "Můžeš mi říct, jak si mám změnit heslo k účtu? Už si ho nepamatuji, ale je to pro mě důležité.",
    "hu": "Meg tudod mondani, hogy hogyan lehet a jelszót megváltoztatni? Nem emlékszem már, és ez nagyon fontos.",
    "ro": "Poți să îmi spui cum pot să schimb parola de la cont? Nu îmi mai amintesc care este.",
    "tr": "Bana hesabımın şifresini nasıl değiştireceğimi söyler misin? Çok önemli ve ben bunu bilmiyorum.",
    "id": "Bisakah anda memberi tahu saya bagaimana cara mengubah kata sandi akun ini? Saya sudah tidak ingat.",
    "vi": "Bạn có thể cho tôi biết làm thế nào để đổi mật khẩu của tài khoản này không?",
    "ru": "Скажите, пожалуйста, как мне сменить пароль, который я забыл?",
    "uk": "Скажіть, будь ласка, як мені змінити пароль?",
    "zh": "请告诉我如何更改密码",
    "ja": "パスワードを変更する方法を教えてください。漢字",
    "ko": "비밀번호를 어떻게 변경하나요",
    "ar": "كيف يمكنني تغيير كلمة المرور",
    "fa": "چگونه می‌توانم گذرواژه را تغییر دهم",
    "he": "איך אני משנה את הסיסמה",
    "hi": "मैं पासवर्ड कैसे बदलूं",
    "th": "ฉันจะเปลี่ยนรหัสผ่านได้อย่างไร",
    "el": "Πώς μπορώ να αλλάξω τον κωδικό",
}


def detect(text):
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))
    return LanguageDetector().detect(part, (View("raw", text),))


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sentence_is_in_its_language(code):
    (hit,) = detect(SAMPLES[code])
    assert (hit.rule, hit.kind, hit.severity) == (f"language-{code}", FindingKind.LANGUAGE, Severity.INFO)
    assert 0 <= hit.start < hit.end <= len(SAMPLES[code])


@pytest.mark.parametrize("text", ["", "OK", "x = f(y)", "404", "Paris", "4f5e 8a9b", "😀😀", "α = 5", "{}[]"])
def test_what_is_no_sentence_has_no_language(text):
    assert detect(text) == []


def test_a_change_is_told_with_its_place():
    english = (SAMPLES["en"] + " ") * 8
    text = english + SAMPLES["ru"] + " " + english
    assert [hit.rule for hit in detect(text)] == ["language-en", "language-ru", "language-switch", "language-switch"]
    change = detect(text)[2]
    assert text[change.start : change.end].startswith("Скажите")


def test_a_language_in_the_same_letters_is_told_when_it_fills_a_passage():
    text = (SAMPLES["en"] + " ") * 12 + (SAMPLES["de"] + " ") * 12
    assert [hit.rule for hit in detect(text)] == ["language-en", "language-de", "language-switch"]


def test_changes_are_told_a_bounded_number_of_times():
    hits = detect((SAMPLES["ru"] + SAMPLES["ko"]) * 50)
    assert sum(hit.rule == "language-switch" for hit in hits) == MAX_CHANGES


def test_what_has_more_runs_than_are_followed_ends():
    assert [hit.rule for hit in detect("мама" + "дёaб" * 30_000)] == ["language-ru"]


def test_every_language_has_a_rule():
    assert {f"language-{code}" for code in SAMPLES} <= set(RULES)
    assert len(RULES) == len(LANGUAGES) + 1


@pytest.mark.parametrize("code", ["en", "de", "ru", "ja"])
def test_a_text_that_grows_says_nothing_of_the_same_place_twice(code):
    text = (SAMPLES[code] + " ") * 9
    places = {(hit.rule, hit.start) for end in range(80, len(text), 7) for hit in detect(text[:end])}
    assert len(places) == len(detect(text))
