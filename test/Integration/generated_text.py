"""Lines of text in many scripts, with what trips tokenizers up; the same on every run."""

import random
import unicodedata

SCRIPTS = {
    "latin": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüÄÖÜßéèêñçøåŁłŠšžőűđþðæŒœıİğşŞĞ",
    "combining": "aeiounAEIOUNcs\u0301\u0300\u0302\u0308\u0303\u0327\u0323\u0328\u030a\u031b\u0345\u0315\u0360",
    "vietnamese": "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĐđưƯơƠ",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙІЇЄҐіїєґЉЊЏѕӐӗ",
    "greek": "αβγδεζηθικλμνξοπρσςτυφχψωΑΒΓΔΣΩάέήίόύώΐΰϊϋἀἁἂἃᾳῥῶΌΊ",
    "armenian": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆԱԲԳ։՞",
    "hebrew": "אבגדהוזחטיכךלמםנןסעפףצץקרשת\u05b0\u05b4\u05b8\u05bc\u05c1\u05be\u05f3״",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةى\u064b\u064e\u064f\u0651\u0652\u0640،؛؟٠١٢٣",
    "devanagari": "अआइईउऊऋएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह\u093e\u093f\u0940\u0941\u0947\u094d\u0902\u093c।॥०१२",
    "bengali": "অআইঈউকখগঘচছজঝটঠডঢণতথদধনপফবভমযরলশষসহ\u09be\u09bf\u09c0\u09c7\u09cb\u09cd",
    "tamil": "அஆஇஈகஙசஞடணதநபமயரலவழளறன\u0bbe\u0bbf\u0bc0\u0bc6\u0bca\u0bcd",
    "thai": "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศษสหอฮะาำเแโใไ\u0e31\u0e34\u0e35\u0e48\u0e49\u0e4c๑๒๓ๆฯ",
    "georgian": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰႠႡ",
    "han": "中文字符处理模型轉換語言漢字日本國際年月日㐀㐁豈更車\U00020000\U0002a6d6\U0002a700\U0002b820\U0002b920\U0002f800",
    "kana": "あいうえおかがきぎさざしじすずパピプペポアイウエオヴヷーッ゛゜ｱｲｳﾞ、。「」・",
    "hangul": "가각간갈감한국어번역모델변환힣ㄱㄴㅏ\u1100\u1161\u11a8",
    "ethiopic": "ሀሁሂሃሄህሆለሉሊላ፡።፣",
    "emoji": "😀😂🤖👍🏽❤\ufe0f👩\u200d💻👨\u200d👩\u200d👧🏳\ufe0f\u200d🌈🇩🇪1\ufe0f\u20e3©™",
    "symbols": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿§¶·«»‘’“”„…–—‐€£¥±×÷≤≥∞√∑→⇒①②Ⅳⅷªºµ½ﬁﬀÅΩK",
    "mathematical": "𝐀𝐁𝒂𝒃𝔄𝕏𝟘𝟙∀∃",
}
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u061c\u180e\ufffd\x00\x01\x07\x0b\x0c\x1b\x7f\x85"
SPACES = [" "] * 12 + ["  ", "\t", "\u00a0", "\u2003", "\u2009", "\u202f", "\u3000", "\u1680", "\u2028", "\u2029", "\r\n"]
WORDS = """the a of and to in is you that it was for on are as with his they be at one have this from
transformers tokenization unbelievable naïve café résumé Zürich ΟΔΥΣΣΕΥΣ ὈΔΥΣΣΕΎΣ İstanbul ISTANBUL ıssız straße
don't it's e-mail U.S.A. 3.14 1,000,000 C++ #hashtag @user https://example.com/a?b=c [MASK] [CLS] [SEP] [UNK] [PAD] [mask] [[MASK]]
Россия ελληνικός العربية עברית हिन्दी ไทย 日本語 中文 한국어""".split()


def word(random, script):
    letters = SCRIPTS[script]
    length = random.choice([1, 2, 3, 4, 5, 7, 9, 12, 20])
    if random.random() < 0.005:
        length = random.choice([99, 100, 101, 130, 500])
    text = "".join(random.choice(letters) for _ in range(length))
    if random.random() < 0.08:
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(INVISIBLE) + text[at:]
    if random.random() < 0.1:
        text = unicodedata.normalize(random.choice(["NFC", "NFD", "NFKC", "NFKD"]), text)
    return random.choice([text, text, text, text.upper(), text.title()])


def lines(count, seed=0):
    generator = random.Random(seed)
    names = list(SCRIPTS)
    made = []
    for number in range(count):
        script = names[number % len(names)]
        text = ""
        for _ in range(generator.randrange(0, 14)):
            choice = generator.random()
            if choice < 0.55:
                text += word(generator, script)
            elif choice < 0.65:
                text += word(generator, generator.choice(names))
            else:
                text += generator.choice(WORDS)
            if generator.random() < 0.9:
                text += generator.choice(SPACES)
        made.append(text)
    return made
