"""Numbers that states outside Europe give to people. The check digits are those of python-stdnum, or of `checksums`."""

from stdnum.ar import cuit
from stdnum.au import tfn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.ec import ci
from stdnum.il import idnr as teudat_zehut
from stdnum.in_ import aadhaar, pan
from stdnum.jp import in_ as my_number
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.my import nric
from stdnum.nz import ird
from stdnum.pk import cnic
from stdnum.ru import inn
from stdnum.th import pin
from stdnum.us import itin
from stdnum.za import idnr as za_id

from firebreak.detect.checksums import hong_kong_id, russian_snils, singaporean_id, taiwanese_id
from firebreak.detect.pii.national import alone, labelled
from firebreak.model.finding import Severity

RULES = (
    alone(
        "ar-cuit",
        r"(?:2[0347]|3[034])-\d{8}-\d",
        "Argentine tax or labour number",
        ("CUIL 20-05536168-2",),
        ("20-05536168-3", "50-05536168-2"),
        cuit.is_valid,
        trigger=r"\d{2}-\d{8}-\d",
        score=0.75,
    ),
    labelled(
        "au-tax-file-number",
        r"\btfn\b|tax file",
        r"\d{3} ?\d{3} ?\d{2,3}",
        "Australian tax file number beside its name",
        ("TFN: 123 456 782",),
        ("TFN: 123 456 789",),
        tfn.is_valid,
    ),
    alone(
        "br-cpf",
        r"\d{3}\.\d{3}\.\d{3}-\d{2}",
        "Brazilian taxpayer number",
        ("CPF 390.533.447-05",),
        ("231.002.999-00",),
        cpf.is_valid,
        trigger=r"\d{3}\.\d{3}\.\d{3}-\d{2}",
    ),
    labelled(
        "br-cpf-labelled",
        r"\bcpf\b",
        r"\d{11}",
        "Brazilian taxpayer number without signs, beside its name",
        ("CPF: 39053344705",),
        ("CPF: 39053344706",),
        cpf.is_valid,
    ),
    labelled(
        "ca-sin",
        r"\bsin\b|social insurance|\bnas\b|assurance sociale",
        r"\d{3}[- ]?\d{3}[- ]?\d{3}",
        "Canadian social insurance number beside its name",
        ("SIN: 123-456-782", "social insurance number 123 456 782"),
        ("SIN: 123-456-789",),
        sin.is_valid,
    ),
    alone(
        "cl-rut",
        r"\d{1,2}\.\d{3}\.\d{3}-[\dKk]",
        "Chilean RUT",
        ("RUT 12.531.909-2",),
        ("12.531.909-3",),
        rut.is_valid,
        trigger=r"\d{1,2}\.\d{3}\.\d{3}-[\dKk]",
    ),
    labelled(
        "cl-rut-labelled",
        r"\brut\b|\brun\b",
        r"\d{7,8}-[\dk]",
        "Chilean RUT beside its name",
        ("RUT: 12531909-2",),
        ("RUT: 12531909-3",),
        rut.is_valid,
    ),
    alone(
        "cn-resident-id",
        r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]",
        "Chinese resident identity number",
        ("身份证号 360426199101010071",),
        ("360426199101010072",),
        ric.is_valid,
        trigger=r"[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}",
        score=0.9,
    ),
    labelled(
        "ec-cedula",
        r"\bc[eé]dula",
        r"\d{9}-?\d",
        "Ecuadorian identity number beside its name",
        ("cédula: 171430710-3",),
        ("cédula: 171430710-4",),
        ci.is_valid,
    ),
    alone(
        "hk-identity-card",
        r"[A-Z]{1,2}\d{6}\([0-9A]\)",
        "Hong Kong identity card",
        ("HKID A123456(3)",),
        ("A123456(4)",),
        hong_kong_id,
        trigger=r"[A-Z]\d{6}\(",
    ),
    labelled(
        "il-teudat-zehut",
        r"teudat zehut|תעודת זהות|מספר זהות|israeli id",
        r"\d{7,8}-?\d",
        "Israeli identity number beside its name",
        ("teudat zehut 3933742-3",),
        ("teudat zehut 3933742-2",),
        teudat_zehut.is_valid,
    ),
    alone(
        "in-aadhaar",
        r"[2-9]\d{3} \d{4} \d{4}",
        "Indian Aadhaar number in its usual groups",
        ("2341 2341 2346",),
        ("2341 2341 2347", "1234 1234 1234"),
        aadhaar.is_valid,
        trigger=r"[2-9]\d{3} \d{4} \d{4}",
        score=0.45,
    ),
    labelled(
        "in-aadhaar-labelled",
        r"\baadha+r|\buidai\b|आधार",
        r"[2-9]\d{3}[- ]?\d{4}[- ]?\d{4}",
        "Indian Aadhaar number beside its name",
        ("Aadhaar: 234123412346", "aadhar no 2341-2341-2346"),
        ("Aadhaar: 234123412347",),
        aadhaar.is_valid,
    ),
    labelled(
        "in-pan",
        r"\bpan\b|permanent account",
        r"[A-Z]{5}\d{4}[A-Z]",
        "Indian PAN beside its name",
        ("PAN: ACUPA7085R", "Permanent Account Number ACUPA7085R"),
        ("PAN: ABMPA3211", "PAN: ABMXA3211Z"),
        pan.is_valid,
    ),
    labelled(
        "jp-my-number",
        r"my ?number|マイナンバー|個人番号",
        r"\d{4}[- ]?\d{4}[- ]?\d{4}",
        "Japanese individual number beside its name",
        ("My Number: 6214 9832 0257", "マイナンバー 621498320257"),
        ("My Number: 6214 9832 0258",),
        my_number.is_valid,
    ),
    alone(
        "kr-resident-registration",
        r"\d{2}[01]\d[0-3]\d-[0-9]\d{6}",
        "Korean resident registration number",
        ("971013-9019902",),
        ("971013-9019903",),
        rrn.is_valid,
        trigger=r"\d{6}-\d{7}",
    ),
    alone(
        "mx-curp",
        r"[A-Z][AEIOUX][A-Z]{2}\d{2}[01]\d[0-3]\d[HMX][A-Z]{5}[A-Z0-9]\d",
        "Mexican CURP",
        ("BOXW310820HNERXN09",),
        ("BOXW310820HNERXN08",),
        curp.is_valid,
        trigger=r"[A-Z]{4}\d{6}[HMX][A-Z]{5}",
        score=0.95,
    ),
    alone(
        "my-identity-card",
        r"\d{2}[01]\d[0-3]\d-\d{2}-\d{4}",
        "Malaysian identity card",
        ("770305-02-1234",),
        ("771305-02-1234", "770305-17-1234"),
        nric.is_valid,
        trigger=r"\d{6}-\d{2}-\d{4}",
        score=0.75,
    ),
    labelled(
        "nz-ird",
        r"\bird\b|inland revenue",
        r"\d{2,3}[- ]?\d{3}[- ]?\d{3}",
        "New Zealand tax number beside its name",
        ("IRD number 49-098-576",),
        ("IRD 136410133",),
        ird.is_valid,
    ),
    labelled(
        "pk-cnic",
        r"\bcnic\b|\bnicop\b",
        r"\d{5}-?\d{7}-?\d",
        "Pakistani identity card beside its name",
        ("CNIC: 34201-0891231-8",),
        ("CNIC: 84201-0891231-8",),
        cnic.is_valid,
    ),
    labelled(
        "ru-inn",
        r"ИНН|\binn\b",
        r"\d{12}",
        "Russian taxpayer number of a person beside its name",
        ("ИНН: 123456789047",),
        ("ИНН: 123456789037",),
        inn.is_valid,
    ),
    alone(
        "ru-snils",
        r"\d{3}-\d{3}-\d{3}[- ]\d{2}",
        "Russian insurance account",
        ("СНИЛС 112-233-445 95",),
        ("112-233-445 96", "000-000-000 00"),
        russian_snils,
        trigger=r"\d{3}-\d{3}-\d{3}[- ]\d{2}",
    ),
    alone(
        "sg-identity-card",
        r"[STFGM]\d{7}[A-Z]",
        "Singaporean identity number",
        ("NRIC S1234567D",),
        ("S1234567E",),
        singaporean_id,
        trigger=r"[STFGM]\d{7}[A-Z]",
        score=0.75,
    ),
    alone(
        "th-identity-card",
        r"\d-\d{4}-\d{5}-\d{2}-\d",
        "Thai identity number",
        ("1-2345-45678-78-1",),
        ("1-2345-45678-78-9",),
        pin.is_valid,
        trigger=r"\d-\d{4}-\d{5}-\d",
    ),
    alone(
        "tw-identity-card",
        r"[A-Z][1289]\d{8}",
        "Taiwanese identity card",
        ("A123456789",),
        ("A123456788",),
        taiwanese_id,
        trigger=r"[A-Z][1289]\d{8}",
        score=0.7,
    ),
    alone(
        "us-itin",
        r"9\d{2}-[5-9]\d-\d{4}",
        "US taxpayer number of a person without a social security number",
        ("912-90-3456",),
        ("912-89-3456", "812-90-3456"),
        itin.is_valid,
        trigger=r"9\d{2}-\d{2}-\d{4}",
        severity=Severity.CRITICAL,
    ),
    labelled(
        "za-identity-number",
        r"\bid(?:entity)? (?:number|no)|\bsa id|south african id",
        r"\d{13}",
        "South African identity number beside its name",
        ("ID number: 7503305044089",),
        ("ID number: 8503305044089",),
        za_id.is_valid,
    ),
)
