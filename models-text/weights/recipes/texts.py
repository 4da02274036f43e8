"""Texts of our own making for the golden files."""

import random

TOKEN_TEXTS = [
    "",
    " ",
    "\n\t \r\n",
    "a",
    "Hello, world!",
    "The quick brown foxes aren't jumping over lazily-sleeping dogs.",
    "UPPER lower MiXeD CamelCaseIdentifier snake_case_name kebab-case-name",
    "Crème brûlée, naïve façade, Ångström, señor, Zürich, Dvořák",
    "Cre\u0300me bru\u0302le\u0301e with combining accents",
    "İstanbul and ISTANBUL, ı and I, ß and ẞ",
    "Καλημέρα κόσμε, τέλος",
    "Съешь ещё этих мягких булок",
    "日本語の文章です。",
    "我们今天去北京的公园散步。",
    "안녕하세요 여러분",
    "שלום עולם",
    "مرحبا بكم في البيت",
    "नमस्ते दुनिया",
    "สวัสดีชาวโลก",
    "Great job 🎉🚀 well done 👍🏽",
    "A family: 👨\u200d👩\u200d👧\u200d👦 and a flag: 🇫🇷",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟙𝟚𝟛 outside the BMP 𐍈",
    "zero\u200bwidth\u200bspace, soft\u00adhyphen, no\u00a0break space",
    "ideographic\u3000space and thin\u2009space",
    "tabs\tand\nnew lines\r\nand   many     spaces   ",
    "control\u0000characters\u0007are\u001bdropped\ufffd",
    "Prices: $1,234.56, €99.90, £5, ¥1000, 50% off!",
    "3.14159 2.71828e-10 0xDEADBEEF 1/2 ½ ² ①",
    "https://www.example.org/path/to?q=a+b&lang=en#part-2",
    "mail someone@example.org, call +1 (555) 010-9999",
    "for (int i = 0; i < n; i++) { sum += values[i]; }",
    "SELECT name, COUNT(*) FROM visits WHERE day >= '2024-02-29' GROUP BY name;",
    '{"key": [1, 2.5, null, true], "other": "va\\"lue"}',
    "“Curly quotes”, ‘single’, – en dash, — em dash, … ellipsis",
    "don't can't won't I'm you're they'll it's o'clock rock'n'roll",
    "!!! ??? ... --- *** ### @@@ ((( ))) [[[ ]]]",
    "[CLS] special [SEP] tokens [MASK] written [PAD] out [UNK]",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "x" * 99 + " " + "y" * 100 + " " + "z" * 101,
    "word" * 60,
    "The full-width ＡＢＣ１２３ and ligatures ﬁ ﬂ ﬃ",
    "Tiếng Việt có nhiều dấu, polski zażółć gęślą jaźń",
    "mixed 中文 and English 和 日本 words",
    "The library keeps its promise. " * 60,
]

EMBEDDING_TEXTS = [
    "The cat sleeps on the warm window sill.",
    "A kitten is napping in the sunlight by the window.",
    "Quarterly revenue rose by eight percent after the merger.",
    "The company reported higher earnings this quarter.",
    "How do I reset the password of my account?",
    "Represent this sentence for searching relevant passages: how do I reset the password of my account?",
    "Open the settings page, choose Security and press Reset password.",
    "The train to the coast leaves at seven in the morning.",
    "Boil the potatoes for twenty minutes, then mash them with butter.",
    "The striker scored twice in the last ten minutes of the match.",
    "A new telescope has photographed a faint galaxy.",
    "The mayor promised more bicycle lanes before the election.",
    "Water",
    "ok",
    "",
    "?!",
    "Crème brûlée is my favourite dessert 🍮",
    "今天天气很好",
    "public static void main(String[] args) { System.out.println(42); }",
    "NullPointerException in the payment service after the last deployment",
    "He said that she said that they had said nothing at all about it.",
    "The doctor prescribed two tablets a day and plenty of rest.",
    "On Monday the carpenter measured the old oak door, on Tuesday he planed its edges, on Wednesday he oiled "
    "the hinges, and by the end of the week the whole house was pleasantly quiet, since nothing creaked any more "
    "when the children ran from the kitchen to the garden and back again.",
    "The bridge was closed because the river had risen overnight. " * 12,
]

SENTIMENT_TEXTS = [
    "I love this little radio, it sounds wonderful.",
    "The battery died after two days and nobody answered my mail.",
    "A moving, funny and beautifully acted film.",
    "A dull, lifeless film that never finds its feet.",
    "Not bad at all.",
    "Not good at all.",
    "The plot is thin, but the actors make it a pleasure.",
    "The actors try hard, but the plot is a mess.",
    "I expected more.",
    "Better than I expected!",
    "The parcel arrived on Tuesday.",
    "Worst hotel of my life: dirty, noisy and expensive.",
    "The staff were kind and the breakfast was delicious.",
    "Great, another update that breaks everything.",
    "It works.",
    "It does not work.",
    "I would buy it again without hesitation.",
    "Save your money.",
    "",
    "👍👍👍",
    "The screen is sharp, the keyboard is comfortable, and the fan is almost silent.",
    "He fell asleep before the end, and so did I.",
    "An unforgettable evening.",
    "Three hours of my life that I will never get back.",
]

MODERATION_TEXTS = [
    "Thank you for your help, have a nice day.",
    "You are a stupid idiot and nobody likes you.",
    "The meeting starts at ten.",
    "Shut up, you worthless piece of trash.",
    "I disagree with you, but I see your point.",
    "What a load of crap.",
    "This damn printer is broken again.",
    "People like you should go back to where you came from.",
    "I hope you fail at everything, moron.",
    "The recipe needs two eggs and a spoon of sugar.",
    "Those people are vermin and do not deserve to live here.",
    "He killed it on stage last night, what a show!",
    "The knife is in the second drawer.",
    "Bloody hell, that was close!",
    "You are all liars and thieves.",
    "Could you please stop shouting?",
    "Nobody asked for your pathetic opinion, loser.",
    "My dog is a bit stupid, but I love him.",
    "",
    "The article describes how insults hurt teenagers.",
    "This is bullshit and you know it.",
    "I hate rainy Mondays.",
    "Women are too dumb to drive.",
    "The committee will publish its report in March.",
]

_SUBJECTS = [
    "The gardener",
    "My neighbour",
    "An old sailor",
    "The young teacher",
    "A careful engineer",
    "The baker",
    "Our guide",
]
_DEEDS = [
    "repaired the wooden fence",
    "described a long journey to the north",
    "counted the boats in the harbour",
    "opened the window although it was raining",
    "forgot the keys on the kitchen table",
    "praised the soup and asked for the recipe",
    "measured the distance twice",
    "planted three apple trees behind the house",
    "wrote a letter to the editor of the local paper",
    "lost an umbrella on the evening train",
    "taught the children a song about the moon",
]
_ENDS = [
    "and was happy for the rest of the day.", "but nobody noticed it.", "because the weather had changed.",
    "while the clock in the hall struck nine.", "which made everyone laugh.", "as had been agreed in the spring.",
    "and complained about the price afterwards.", "so the evening ended better than it had begun.",
]  # fmt: skip
# the three lengths share no factor, so no sentence repeats
LONG_TEXT = " ".join(f"{_SUBJECTS[i % 7]} {_DEEDS[i % 11]} {_ENDS[i % 8]}" for i in range(130))

SCRIPTS = {
    "accents": "abcdeéèêëēąçñõöøåšžýÀÉÎÕÜŽœæðþßı ",
    "combining": "abceiou\u0300\u0301\u0302\u0303\u0308\u030a\u0327\u0328\u0345 ",
    "greek": "αβγδεζηθικλμνξοπρσςτυφχψωΆΈΉΊΌΎΏϊϋΐΰἀἁᾳ ",
    "cyrillic": "абвгдеёжзийклмнопрстуфхцчшщъыьэюяІЇЄҐЖ ",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשתםןץףך\u05b0\u05b4\u05bc ",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةى\u064b\u064e\u0651ـ،؟ ",
    "devanagari": "अआइईउऊकखगघचजटडतदनपबमयरलवशसह\u093e\u093f\u0940\u094d\u0902। ",
    "thai": "กขคงจชดตถทนบปพฟมยรลวสหอ\u0e31\u0e34\u0e35\u0e48\u0e49เแโไ ",
    "hangul": "가나다라마바사아자차카타파하각낙한국어\u1100\u1161\u11a8 ",
    "kana": "あいうえおかきくけこがぎぐばぱアイウエオカガッー゛\u3099。、「」 ",
    "cjk": "的一是不了人我在有他这为之大来以个中上们。，！？、；",
    "cjk-rare": "𠀀𠀁𠂉𪜀𫝀豈更㐀㐁䶵鿀\u3400 ",
    "emoji": "😀😂🤣👍🏽👩\u200d💻🏳\ufe0f\u200d🌈🇫🇷🇯🇵❤\ufe0f✅☺🫠 ok ",
    "mathematical": "𝐀𝒜𝔘𝟘𝟙ℝℵ∑∫√≤≠±×÷ ",
    "punctuation": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿§¶·«»‐–—‘’“”„†•…‰′″‹›⁂⁓ ab",
    "spaces": "a b\u00a0c\u1680d\u2000e\u2003f\u2009g\u202fh\u205fi\u3000j\u0085k\u2028l\u2029m",
    "zero-width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180eh\u034fi ",
    "controls": "a\u0001b\u0007c\u001bd\u007fe\u0080f\u009fg\u202ah\u202ei\u2066j\ufffek\t\n\r ",
    "currency": "$€£¥₹₽₿¢ 0123456789.,%‰½¼²³①Ⅳ٠१ ",
    "full-width": "ＡＢＣａｂｃ０１２！？（）ﬁﬂﬀﬆ㎏㍿ﷺ ",
    "private-use": "a\ue000b\uf8ffc\U000f0000d\U0010fffdb\ufffd\uffff ",
    "african": "ሀለሐመሠረሰ ⴰⴱⴳⴷ ߊߋߌ ꔀꔁ ɓɗƙŋ ",
    "asian": "ကခဂဃ ខគឃង ກຂຄງ བཅཆཇ ਅਆਇ அஆஇ అఆఇ ",
    "historic": "𐍈𐌰𐌱 𒀀𒀁 𓀀𓀁 ᚠᚢᚦ ⲁⲃⲅ 𐤀𐤁 ",
    "casing": "ǅǈǋıİſẞßΣσςŉǰΐﬃᾈⅷⒶⓐ ",
}
WORDS = (
    "the a of in to and report shows how small boats keep their course when winds change unexpectedly near coasts "
    "invoice refund delivery password antidisestablishmentarianism can't www.example.org/a?b=c foo_bar(x[1]) E=mc² "
    "naïve Zürich 3.14 2024-02-29 #topic @someone don't ... -- [MASK] <b> &amp; 😀 北京"
).split()


def parity_texts():
    """At least 300 texts of all kinds as (unit, times): the text is the unit that many times."""
    rng = random.Random(20261125)
    found = [(t, 1) for t in TOKEN_TEXTS + EMBEDDING_TEXTS + SENTIMENT_TEXTS + MODERATION_TEXTS]
    for alphabet in SCRIPTS.values():
        for length in (10, 17, 28, 40, 90, 200, 420):
            found.append(("".join(rng.choice(alphabet) for _ in range(length)), 1))
    names = list(SCRIPTS)
    for length in (10, 25, 60, 150, 400, 900):  # scripts mixed
        found.append(("".join(rng.choice(SCRIPTS[rng.choice(names)]) for _ in range(length)), 1))
    for length in (3, 7, 15, 30, 60, 120, 250, 500, 900):
        found.append((" ".join(rng.choice(WORDS) for _ in range(length)), 1))
    for unit, length in (("a", 10), ("ab", 100), ("é", 101), ("x", 1000), ("word ", 2000), ("北", 600), ("😀", 700)):
        found.append((unit, length // len(unit)))
    for length in (2500, 5000, 10000, 20000):
        unit = " ".join(rng.choice(WORDS) for _ in range(40)) + " "
        found.append((unit, length // len(unit) + 1))
    return list(dict.fromkeys(found))
