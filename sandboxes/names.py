"""Fictional people: first name, last name, and the local part of their e-mail address."""

PEOPLE = (
    ("Amelia", "Hartwell", "amelia.hartwell"),
    ("Jürgen", "Müßig", "juergen.muessig"),
    ("Chloé", "Lefèvre", "chloe.lefevre"),
    ("陽菜", "佐藤", "hina.sato"),
    ("Oliver", "Pemberton", "oliver.pemberton"),
    ("Greta", "Schönfeld", "greta.schoenfeld"),
    ("François", "D'Aubigné", "francois.daubigne"),
    ("蓮", "鈴木", "ren.suzuki"),
    ("Nora", "O'Malley-Quinn", "nora.omalley"),
    ("Björn", "Weißhaupt", "bjoern.weisshaupt"),
    ("Zoë", "Beauchêne", "zoe.beauchene"),
    ("さくら", "高橋", "sakura.takahashi"),
    ("Theodore", "Ashcombe", "theodore.ashcombe"),
    ("Anneliese", "Grünwald", "anneliese.gruenwald"),
    ("Rémi", "Çelik-Moreau", "remi.moreau"),
    ("大翔", "田中", "hiroto.tanaka"),
    ("Isla", "Fairbrother", "isla.fairbrother"),
    ("Käthe", "Löwenstein", "kaethe.loewenstein"),
    ("Maëlle", "Garçonnet", "maelle.garconnet"),
    ("結衣", "伊藤", "yui.ito"),
    ("Desmond", "Whitlock", "desmond.whitlock"),
    ("Jörg", "Süßmann", "joerg.suessmann"),
    ("Anaïs", "Hébert", "anais.hebert"),
    ("悠真", "渡辺", "yuma.watanabe"),
    ("Priya", "Ellsworth", "priya.ellsworth"),
)
COMPANIES = ("Birch & Vale Ltd", "Nordlicht GmbH", "Atelier Saint-Rémy", "青空株式会社", "Harbourline Inc")
TITLES = ("Software Developer", "Vertriebsleiterin", "Chargée de projet", "デザイナー", "Data Specialist")
ADDRESSES = (
    "12 Quarry Lane\nBristol BS1 4QD",
    "Lindenstraße 7\n10115 Berlin",
    "3 rue des Écoles\n69003 Lyon",
    "東京都渋谷区神南1-2-3",
)
