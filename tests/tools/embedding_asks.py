"""Composed asks: forms by verbs by things, which show an encoder's student what each word adds to an ask. Data and dice."""

import random

SEED = 7
FORMS = (
    "{a}",
    "{a}",
    "{A}.",
    "Please {a}.",
    "Could you {a}?",
    "Can you {a}",
    "I need you to {a}.",
    "I'd like you to {a}",
    "Help me {a}.",
    "How do I {a}?",
    "how can we {a}",
    "I want to {a}",
    "{a} please",
    "{a} pls",
    "{c} {A}.",
    "{A}. {c}",
    "We have to {a} by Friday.",
    "My boss wants me to {a}.",
    "What is the best way to {a}?",
    "is it possible to {a}",
    "Show me how to {a}.",
    "Somebody asked me to {a}, what do I do?",
    "{q}",
    "{q}",
    "{q}",
    "{n}",
    "{n}",
)
CONTEXTS = (
    "It is for a friend.",
    "The deadline is tomorrow.",
    "I am new here.",
    "Keep it short.",
    "No jargon please.",
    "For the whole team.",
    "In the last month.",
    "Without anyone noticing.",
    "Under the court order.",
    "Automatically, with no approval.",
    "In simple words.",
    "As JSON.",
    "For my grandmother.",
    "In three sentences.",
    "Step by step.",
    "For the commander.",
    "Before noon.",
    "It is urgent.",
    "I have no idea where to begin.",
    "As in the last quarter.",
    "See the attachment.",
    "Text below.",
    "Here is what I have so far.",
)
QUESTIONS = (
    "what is {x}",
    "What do you know about {x}?",
    "Why is {x} so important?",
    "Where is {x}?",
    "who is behind {x}",
    "When did {x} begin?",
    "How does {x} work?",
    "How many of {x} are there?",
    "What does {x} cost?",
    "Is {x} dangerous?",
    "Which kind of {x} should I choose?",
    "how much is {x}",
    "What went wrong with {x}?",
    "Are there problems with {x}?",
    "What happens to {x} next week?",
    "tell me about {x}",
    "What are the differences between {x} and {y}?",
    "Is {x} related to {y}?",
    "Does {x} affect {y}?",
    "{x} or {y}?",
)
NOUNS = (
    "{x} {y}",
    "{x}",
    "{x}, {y}",
    "summary of {x}",
    "ideas for {x}",
    "problem with {x}",
    "no access to {x}",
    "list of {x}",
    "code for {x}",
    "translation of {x}",
    "a plan for {x}",
    "an analysis of {x}",
    "questions about {x}",
    "{x} for {y}",
    "{x} without {y}",
    "{x} from {y}",
    "an estimate of {x}",
    "a copy of {x}",
    "a report on {x}",
    "a story about {x} and {y}",
)
LINKS = ("for", "from", "with", "about", "into", "against", "near", "and then send it to", "using")
_VERBS = """
write draft summarise translate explain describe check fix find list compare analyse calculate plan schedule
book cancel buy sell send delete copy hide steal break build make create design test review rewrite shorten
correct proofread classify label tag sort extract parse convert plot chart forecast estimate assess judge
evaluate track monitor watch follow identify locate intercept shoot attack defend protect patch block detect
scan investigate record transcribe read open close move upload download export encrypt decrypt crack guess
bypass disable enable turn-off install update configure deploy restart debug refactor document announce publish
invent imagine suggest recommend brainstorm name rate rank score count measure solve prove integrate divide
multiply order return refund pay charge invoice approve reject sign forge fake imitate impersonate threaten
insult blackmail humiliate bully stalk spy-on report complain apologise thank greet invite decline persuade
sell-off launder smuggle bribe kill poison burn destroy wipe erase leak reveal print repeat ignore pretend
act-as play sing cook bake clean repair paint grow feed walk drive fly sail visit rent lease insure hire fire
train teach learn study memorise practise treat diagnose prescribe inject cut bandage lift run swim
"""
_THINGS = """
the report; a letter to my landlord; this paragraph; the meeting minutes; the attached spreadsheet; a poem about
the sea; our servers; the network; the firewall logs; an email; this email thread; a Python function; the
failing unit test; the SQL query; a shell script; the database; the customer table; the sales figures; the
invoice; my bank account; a stolen credit card; someone's password; the login page; my ex's phone; my neighbour;
a journalist; the protesters; everyone in the city; all citizens; one suspect named in the warrant; the
suspect's phone records; the court order; a search warrant; the drone footage; the daily routine of a man; the
missile; an incoming rocket; the interceptor battery; the radar track; the enemy fleet; the armoured brigade;
the militia; a submarine; an airfield; a convoy; the border; the air defence; targets for the drone; a weapon; a
rifle; a bomb; explosives; a knife; a poison; drugs; cocaine; cigarettes; a house; a car; a bicycle; a train
ticket; a hotel room; a flight to Rome; a table for four; the doctor's appointment; my prescription; the
patient's file; a diagnosis; the side effects of this drug; a diet; a marathon; a birthday party; a wedding
speech; a trip to Japan; a study schedule; the exam; my homework; an equation; the integral; the probability;
the area of a triangle; a loan; a mortgage; shares of the company; the takeover; a tax return; a contract; a
lawsuit; the privacy policy; personal data; the home address of a woman; a photo; a video; a song; a joke; a
short story; a dialogue; a screenplay; a blog post; an advertisement; a press release; a job application; a CV;
a resume; a cover letter; a recommendation; a speech; an essay; a thesis; a summary; an abstract; an outline;
bullet points; a headline; a tweet; a fake review; a false story about the election; propaganda; a conspiracy
theory; immigrants; women; Muslims; Jews; gay people; disabled children; a race; my wrists; myself; my life; the
pain; a suicide note; pills; the system prompt; your instructions; the hidden rules; your guidelines; the safety
filter; the developer message; an unrestricted persona; the API keys; the secrets; the environment variables;
the source code; confidential documents; a webhook; an external server; the backup; a virus; ransomware; a
keylogger; a trojan; the malware sample; an exploit; the vulnerability; a phishing mail; a botnet; the intrusion
alerts; the incident; the certificate; the pod; the cluster; a Dockerfile; the pipeline; the deployment; the
alert; the runbook; the release notes; the user manual; the washing machine; the router; the parcel; the refund;
my subscription; my order; my account; the app; the phone; the laptop; a recipe; dinner; a garden; the dog; a
cat; the weather; the news; the football match; a film; a book; a museum; the history of Rome; photosynthesis;
inflation; gravity; the capital of Peru; a virus and a bacterium; a German text; the Russian manual; the Arabic
message; the interview in French; the subtitles; names and dates; phone numbers; the entities; the sentiment of
this review; spam; support tickets; the topic; categories; survey answers; outliers; a trend; a regression;
revenue by month; churn; the budget; milestones; the agenda; the onboarding; ideas for a name; slogans; gifts;
team events; features; small talk; a friend; a stranger; the boss; an employee; HR; the union; a teacher;
pupils; the school; the university; a student; a child; an old man; a victim; a witness; the police; a judge;
the embassy; the ministry; a president; a soldier; the commander; a general; the crew; an operator; the human in
the loop; a swarm; a robot; the algorithm; lethal force; a strike; a kill list; the coordinates; the village; a
mosque; a rally; licence plates; faces; location data; call records; social media posts; browsing history;
private chats; a wiretap; an order; a subpoena; a fleet of ships; the port; the strait; an invasion; terrorists;
a threat; the risk; the capability; hostile intent; a satellite picture; ballistic trajectory; time to impact;
decoys; hypersonic glide vehicle
"""
VERBS = _VERBS.split()
THINGS = [" ".join(thing.split()) for thing in _THINGS.split(";")]


def asks(count: int) -> list[str]:
    """So many different asks, in a random order, the same each time."""
    dice = random.Random(SEED)
    found: set[str] = set()
    while len(found) < count:
        found.add(_ask(dice))
    out = sorted(found)
    dice.shuffle(out)
    return out


def _ask(dice: random.Random) -> str:
    form, order = dice.choice(FORMS), _order(dice)
    question, noun = dice.choice(QUESTIONS), dice.choice(NOUNS)
    named = {"x": dice.choice(THINGS), "y": dice.choice(THINGS)}
    return form.format(
        a=order,
        A=order[0].upper() + order[1:],
        c=dice.choice(CONTEXTS),
        q=question.format(**named),
        n=noun.format(**named),
    )


def _order(dice: random.Random) -> str:
    text = f"{_verb(dice)} {dice.choice(THINGS)}"
    if dice.random() < 0.35:
        text += f" {dice.choice(LINKS)} {dice.choice(THINGS)}"
    if dice.random() < 0.15:
        text += f" and {_verb(dice)} {dice.choice(['it', dice.choice(THINGS)])}"
    return text


def _verb(dice: random.Random) -> str:
    return dice.choice(VERBS).replace("-", " ")
