"""The names and sentences of the demo: made up, written as pupils write. Nobody here exists."""

from __future__ import annotations

PUPILS = tuple(
    """Sara|Noud|Yiğit|Imke|Łukasz|Fatima-Zahra|Sem|Zoë|Mohammed|Lotte|Jayden|Şevval|Bram|Inaya|Thijs|Nguyệt Anh|Daan|Romaissa|
    Finn|D'Angelo|Anne-Fleur van|Kofi|Julia|Ömer|Saar|Milan|Zuzanna|Ties|Aaliyah|Floris|Maryam|Jip|Čedomir|Fenne|Rayan|Loïs|
    Guus|Hanna|Ibrahim|Pien|Sjoerd|Chloë|Abdirahman|Evi|Mats|Naomi|Hüseyin|Roos|Tobias|Amina|Siem|Elif|Joris|Xiao Ling|Boaz|
    Lieke|Santiago|Noor|Rinske|Mehmet Ali|Vera|Owen|Dilara|Hidde|Esmée|Kevin|Anouk|Tarik|Jasmijn|Giovanni|Wiebe|Salma|Luuk|
    Nadia|René|Femke|Jurre|Ayşe|Stijn|Olivia|Ezra|Maud|Bilal|Isa|Ruben|Tess|Senna|Douwe|Malak|Gijs|Célestine|Timo|Feline|
    Mustafa|Britt|Quinten|Yara|Alexandria-Josephine van der|Pepijn|Hafsa|Wessel|Nina|Ilyas|Merel|Sven|Zeynep|Koen|Luna""".replace(
        "\n", ""
    ).split("|")
)
PUPILS = tuple(name.strip() for name in PUPILS)

STAFF = (
    "Marieke Postma", "Karim El Amrani", "Hanneke Vos", "Tjeerd Hoekstra", "Ewa Nowak", "Bas Verhoeven", "Sietske Dijkstra",
    "Ruud Willems", "Yasmina Haddou", "Femke de Boer", "Harold Pinas", "Ineke van Dam", "Murat Yıldız", "Annelies Smit",
    "Pieter-Jan Bos", "Shanice Kromhout", "Gerda Wiersma", "Thomas Öztürk", "Linda de Graaf", "Oscar Meijer",
)  # fmt: skip

CONTACTS = {
    "primair": (
        ("Carla", "vertrouwenspersoon (demo)", "Het kamertje naast de bibliotheek, dinsdag en donderdag. Er is altijd thee."),
        ("Meneer Idris", "conciërge (demo)", "Bij de voordeur, elke dag vanaf acht uur."),
    ),
    "voortgezet": (
        ("Mevrouw Tjon", "vertrouwenspersoon (demo)", "Kamer 1.14, maandag en donderdag. Binnenlopen mag, appen naar school ook."),
        ("Samira", "leerlingbegeleider (demo)", "De open deur naast de mediatheek, elke pauze."),
    ),
}

# Whole sentences, so that they stay true when a lesson is rewritten. The key "" fits every theme.
OPEN_ANSWERS = {
    "primair": {
        "vriendschapsverzoek": (
            "aan mijn moeder want die schrikt niet zo snel",
            "Aan mijn grote zus, die weet alles van apps.",
            "juf",
            "Mijn vader. Hij kijkt dan mee en wordt niet boos.",
            "ik weet het nog niet",
            "aan meester want hij heeft zelf gezegd dat dat altijd mag",
            "Mijn tante omdat die ook gamet!!",
        ),
        "groepsapp": (
            "niet na 9 uur sturen want dan slapen mensen",
            "Geen stickers van elkaar maken. Is fijn voor iedereen",
            "iedereen mag er in",
            "Dat je eerst nadenkt. Voor de kinderen die anders moeten huilen.",
            "geen spam",
        ),
        "pesten": (
            "zeggen stop nou",
            "Naar mij toe komen en vragen of het gaat",
            "de juf halen, dat is geen klikken",
            "Niet lachen, dan is het ook niet meer leuk voor die ander.",
            "weet niet",
        ),
        "toestemming": (
            "Eerst vragen. Ook als ik lach op de foto.",
            "hem gelijk weghalen",
            "aan mij laten zien voor hij het stuurt",
            "ik vind niet alles erg maar dat filmpje van gym wel",
        ),
        "": ("Dat je het eerst vraagt.", "ik zou het aan de juf vertellen", "weet ik nog niet", "Samen erover praten, dat helpt meestal."),
    },
    "voortgezet": {
        "vriendschapsverzoek": (
            "Mensen die ik alleen van een game ken, want eigenlijk weet ik niks van ze",
            "kennissen van kennissen",
            "Accounts zonder foto. Kan iedereen zijn.",
            "niemand ik heb er maar 40",
            "Iemand van mijn oude school die alles doorstuurt",
            "Oud-klasgenoten die nooit iets zeggen maar wel alles bekijken",
        ),
        "groepsapp": (
            "De klassengroep, 200 berichten op een avond. Geluid uit gezet.",
            "toen er een sticker van iemand rondging. ik zei niks eigenlijk",
            "zit in geen groep, hoor het de volgende dag",
            "ik ben eruit gegaan en toen vroeg iedereen waarom",
        ),
        "pesten": (
            "Ik keek mee. Ik wilde niet dat het over mij ging.",
            "ik zei haha maar vond het niet grappig",
            "Toen ik hem apart appte vond hij dat fijn, dat had ik niet gedacht",
            "niet meegemaakt",
        ),
        "toestemming": (
            "Dat iemand gewoon zegt: haal weg.",
            "niet verder sturen en het tegen mij zeggen, nu hoor je het als laatste",
            "Dat ze naar de mentor gaan als ik dat zelf niet durf",
            "niks, ik regel dat zelf",
        ),
        "": (
            "Ik zou het eerst navragen.",
            "geen idee eerlijk gezegd",
            "Erover beginnen als we met z'n tweeën zijn.",
            "Dat het niet iedereen wat aangaat",
        ),
    },
}

INTENTIONS = {
    "primair": (
        "Ik vraag het eerst aan papa.", "Voor ik op verzenden druk, tel ik tot tien.", "Ik ga vanavond mijn lijst nakijken met mijn moeder.",
        "Als het raar voelt ga ik naar juf.", "ik vraag eerst of het mag", "Mijn telefoon ligt 's nachts beneden.",
        "Ik stuur morgen een aardig berichtje aan iemand die alleen zat.", "niet meer stiekem filmen",
    ),
    "voortgezet": (
        "Eerst vragen, dan pas posten.", "ik ga mijn volgers nalopen, begin bij degene die ik niet ken", "Als het escaleert app ik iemand apart.",
        "Groep op stil na tien uur.", "Ik haal die ene foto weg die nog op mijn account staat", "minder meteen reageren",
        "Als het mij niet lukt ga ik naar mijn mentor.",
    ),
}  # fmt: skip

# What each class agreed on after a talk, in its own words: (protocol, class).
CLASS_AGREEMENTS = {
    ("agora", "Groep 7"): (
        "Eerst vragen, dan pas filmen.",
        "Foto's van het kamp blijven in onze groep.",
        "Niet appen na half negen, want dan slapen er al kinderen.",
        "Als iemand stop zegt, dan is het stop. Ook als het een grapje was.",
    ),
    ("agora", "2a"): (
        "Geen stickers van elkaar maken. Ook niet van de docent.",
        "De groep is voor huiswerk en roosterwijzigingen. De rest doen we ergens anders.",
        "Wie eruit gaat, hoeft niet uit te leggen waarom.",
    ),
    ("liudger", "1b"): (
        "We vragen het eerst, ook als je denkt dat diegene het prima vindt.",
        "Niemand buitensluiten uit de klassenapp.",
        "Na tienen staat de groep op stil en daar zegt niemand wat van.",
        "Gaat er iets rond over iemand? Niet doorsturen en het die persoon laten weten.",
        "Ruzie doen we niet in de groep. Bel elkaar of wacht tot morgen.",
    ),
    ("liudger", "2c"): (
        "Wat in de les gebeurt, film je niet.",
        "Screenshots blijven bij jezelf.",
        "Loopt het uit de hand, dan app je iemand apart.",
    ),
    ("ichthus", "1b"): (
        "Eerst nadenken, dan versturen.",
        "Je mag altijd zeggen dat je ergens niet op wilt staan.",
        "Een grap is pas leuk als die ander ook lacht.",
    ),
    ("ichthus", "2c"): (
        "Geen accounts van anderen openen, ook niet voor de grap.",
        "Je hoeft niet meteen te reageren.",
        "Hulp halen is geen verraad.",
        "Wie het startte, ruimt het ook op.",
    ),
    ("compass", "1b"): (
        "Wij spreken elkaar erop aan, rustig en niet waar iedereen bij is.",
        "Foto's van een ander alleen met een ja.",
        "Telefoon in de tas als iemand iets vertelt.",
    ),
    ("compass", "2c"): (
        "Geen roddels in de app.",
        "Eerst zelf uitpraten, lukt het niet dan samen naar de mentor.",
        "Wat verwijderd moet, verwijder je echt. Overal.",
    ),
    ("tjongeling", "Groep 7"): (
        "Eerst vragen, dan pas filmen.",
        "Iedereen mag in de groepsapp en niemand wordt eruit gegooid.",
        "Na acht uur sturen we niks meer.",
        "Als je het niet in het echt durft te zeggen, stuur je het ook niet.",
        "Zie je iets naars? Dan ga je naar juf. Dat is geen klikken.",
    ),
    ("tjongeling", "Groep 8"): (
        "Geen foto's van de musical online zonder dat je het vraagt.",
        "We doen aardig in games, ook als we verliezen.",
        "Wachtwoorden zeg je tegen niemand. Ook niet tegen je beste vriend.",
        "Maak je per ongeluk iemand verdrietig, dan zeg je sorry in het echt.",
    ),
}

# The groups that a mentor made in a class with a history, as (name, every so many pupils in the list).
GROUPS = {"primair": (("Tafel bij het raam", 4), ("Leest graag samen", 6)), "voortgezet": (("Huiswerkuur", 4), ("Leerlingenraad", 8))}

# What a mentor noted about a reason to help: reason, what was done, the words, and how many minutes before the pupil was last seen
# (0: a day ago). The first was told too early: the mistakes went on, so it stands in the list again.
CARE = (
    ("loopt-vast", "gezien", "Ik kijk morgen even mee.", 15),
    ("eind-laag", "klaar", "Samen de vragen van het eind nog eens gelezen. Kan het nu zelf uitleggen.", 0),
    ("lang-niets", "gesproken", "Was ziek. Haalt de les donderdag in, naast de klas.", 0),
)
