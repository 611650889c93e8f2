"""More examples of categories of everyday work, one a line: terse, polite, as a question, with context. Data only."""

MORE_EVERYDAY = {
    "question_answering": """who painted the ceiling of the Sistine chapel
What's a credit default swap?
Could you explain what a blockchain does?
How many litres of blood does a person have?
Is Pluto still a planet?
what does "ad hoc" mean
I never understood how the stock exchange works. Could you explain?
Was there really a city called Troy?
Difference between affect and effect
Which river flows through Vienna?
My daughter asks why the sea is salty, what do I tell her?
Please tell me what the function of the liver is.
When was the printing press introduced in Europe?
What are the pros and cons of nuclear energy?
Where do penguins live?
What's the law of supply and demand about?
Tell me what happens to plastic in the ocean
in what year did women get the vote in Switzerland
Do plants breathe at night?
Who was the first person to climb Everest?""",
    "coding": """python script to merge two csv files
My React state doesn't update after the click. Here's the hook:
ImportError: No module named requests
How can I sort a dict by value?
what does git rebase do to my branch
Port this PHP function to TypeScript
CMake can't find the library, what do I set?
I get a 500 from my Django view whenever the form is empty
Make this recursive function iterative
Write a test with a fake clock for the scheduler
css: keep the footer at the bottom of the page
How would you structure a Go project with two binaries?
Why is `==` true here but `===` false?
Please add error handling to the upload routine.
The compiler says borrowed value does not live long enough
vim command to replace tabs with spaces
Write a parser for this log format in C#
Is this code thread-safe?
Turn the callback version into async/await
Set up pre-commit hooks with a linter and a formatter
my for loop skips the last element, why
Write a class for a bank account with deposit and withdraw methods
Explain the difference between a list and a tuple in Python""",
    "creative_writing": """haiku, first snow
Could you make up a story about a shy robot?
I want a love poem for our anniversary that rhymes
Write the lyrics of a sea shanty about office work
Once upon a time a clockmaker found a door. Go on.
Give me a scene where the hero finally meets her father
a fable with a snail and a hare
Make it a ballad about the old bridge
Write a play in one act about two rivals in a bakery
Imagine a letter from a soldier in 1916 and write it as fiction
Short horror story, a cellar, no gore
Let's write a novel together; begin with the storm
A funny verse for the retirement card of a dentist
Invent a legend that explains why the river turns twice
Tell my kids a tale of a brave hedgehog
Write a soliloquy for a king who has lost his crown
something poetic about rain on a tin roof
Describe a market on Mars as in a fantasy novel
Come up with a plot twist and write the last chapter
Could you do a parody of a fairy tale?
Write dialogue for a sitcom in which the oven breaks""",
    "writing": """mail to the supplier: shipment came late, ask for a discount
I have to write to my daughter's teacher about her absence
Could you draft a short notice for the hallway about bicycles?
Compose a formal complaint to the airline
Need a bio of 80 words for the conference page
Write minutes from the following keywords
Put a memo together that explains the new travel rules to staff
Help me with a motivation letter for a master's programme
Set up a quotation for painting a flat of three rooms
Please write an invitation to our summer party.
Word a condolence card for a colleague
Write an article for the village newspaper on the new playground
a short text for our about-us page
Announce on Instagram that our shop moves
Write up a policy on working from home
Draft terms for lending out the club house
I need a reference for my former tenant
Write a reminder about the unpaid invoice, firm but friendly
Could you produce a white paper outline and first page on heat pumps?
Write a five-paragraph essay on school uniforms
Compose an out-of-office reply until 3 May
Write a reply to the customer who left a good review""",
    "extraction": """list all email addresses in the thread below
From this report I need the project names and their budgets
Get me the dates out of the letter, ISO format
Who is mentioned in the minutes, and with which role?
Could you read the order form and give article, amount and price?
Pull out every question that the customer asks
ingredients and quantities as csv
What is the policy number in the scanned page?
Give only the URLs that occur in the text
Turn the flight confirmation into {from, to, date, code}
Find the names of the drugs in the doctor's note
Collect all the amounts over 100 euros in the statement
From the advert, note rent, size and district
Look through the chat and return the tracking numbers
Which places does the diary name?
Take the table out of the PDF text and give it as JSON
I need just the addresses from the mail signature
Return the parties, the term and the notice period of this agreement
Copy the measurements from the data sheet into fields""",
    "classification": """spam or ham?
Is the tone of this letter friendly or hostile?
Assign each question to maths, history or biology
Tell me which department should handle the following request
Rate this review from one to five stars by its mood
Does the sentence state a fact or an opinion?
What genre is this song text?
Sort the emails below into urgent and can wait
Label the rows with the right product group
Please decide for every comment if it is on topic.
topic of this article? choose one: economy, science, sports
Is the customer happy or angry in this chat?
Say A, B or C for each of the answers
Flag which of these posts are advertisements
True or false: the review recommends the hotel
Which language is this paragraph written in?
Mark each paragraph as introduction, method or result
Determine the intent behind this message: order, cancel or ask
Group these expenses under the headings given
High, medium or low risk? Grade each entry in the list""",
    "conversation": """hi
Hello!
hey how are things
I'm bored
What are you up to?
How are you feeling today?
Long time no see
Merry Christmas to you!
Can we just talk for a bit?
Who are you?
That was funny, lol
I'm back
Sorry about that
My day was awful, thanks for asking
Do you have feelings?
bye for now
Nice talking to you
ok cool, thank you
I feel a little lonely this evening
Have you got any hobbies?
Pleased to meet you, I'm Sam""",
    "data_analysis": """average, min and max per column please
Which product sold best in the second quarter? Table below.
What is the trend in these visitor numbers?
I have a csv of temperatures, is there an upward drift?
Break the complaints down by month and region
Is the difference between the two groups significant?
Could you draw a histogram of the ages?
Tell me what drives the delays, the data is attached
Compare this year's costs with last year's and show the largest changes
Find duplicates and odd values in the customer list
How are income and spending related in this survey?
Turn the log into a table of visits per day
Build a dashboard of our key figures
How many of the orders came from returning customers, by week?
Explain the peak in the usage chart
Predict next month's sales from these figures
Compute the share of each channel in revenue
Look at the spreadsheet and give me three insights
Run a cohort analysis on the sign-ups
Test whether the new page converts better""",
    "brainstorming": """name for a cat cafe?
What can I give a man who has everything?
ideas for a team lunch
I need a theme for the school fair
Suggest a few ways to get more newsletter readers
Something different to do on a first date?
What might we put in the empty shop window?
Help me find a title for my talk
Throw some ideas at me for using up old bread
Could you think of games for a long car ride?
Any suggestions for a good podcast?
Which books would you recommend on ancient Greece?
What new flavours could our ice cream parlour try?
List some angles for a campaign on recycling
How could a small town get its young people to stay? Ideas please
ten possible names for a racehorse
Give me some inspiration for a living room in blue
I can't think of a costume for the party
Tips for a good present under 20 euros
Come up with a motto for our class""",
    "rewriting": """shorter please: the text is below
Is my grammar right in this sentence?
Make the following sound more professional
Correct my spelling mistakes
Say this in other words
Could you tidy up the style of my report?
Please put the text into simpler English.
Make it less wordy and more direct
My English is bad, can you improve this mail?
Rewrite the abstract in the past tense
Reword the sentence so that it doesn't repeat itself
Change the tone from formal to chatty
fix typos
Cut the filler words out of my speech
The paragraph is clumsy. Can you smooth it?
Adapt this announcement for teenagers
Make my cover letter more confident without adding anything
Put the text in gender-neutral language
Edit for clarity and flow""",
    "planning": """packing list and day plan for a week of camping
How do I organise a garage sale, step by step?
Plan my revision for three exams in May
I have two hours each evening, set up a piano practice plan
What should be done in which order when we renovate the bathroom?
Make me a timetable for the conference day
Could you put together a route through Scotland for ten days?
road map for moving the shop to a new platform
Weekly cleaning schedule for a shared flat
A workout plan, three times a week, no equipment
Break this goal into monthly targets
Who does what by when? Make a plan for the charity run
Prepare the schedule of shifts for eight people
Draw up a savings plan so that I can buy a car in two years
Plan meals for five days with what's in season
Set up a timeline for my thesis until September
Let's plan grandma's 80th birthday
How would you stage the rollout over six weeks?
Please arrange an agenda for Monday's kick-off
Weekend in Prague, two adults, what to do when""",
    "math": """12% of 350
x^2 + 2x - 8 = 0
sqrt(2) to four digits
Simplify (a+b)^2 - (a-b)^2
What is the volume of a cone 10 cm high with radius 3?
derivative of tan x
If five workers need eight days, how long do ten need?
Convert 98 Fahrenheit to Celsius
Solve this system: x + y = 10, x - y = 2
Show that there are infinitely many primes
What's the next number in 2, 6, 12, 20?
I put 1000 in the bank at 3 percent; what do I have after ten years?
Find the mean and the variance of these numbers
What is the least common multiple of 12 and 18?
How do I compute the inverse of a 2 by 2 matrix?
limit of sin(x)/x as x goes to 0
Add up 19.99, 5.50 and 12.25 with 20 percent tax
A car uses 7 litres per 100 km; how much for 430 km?""",
    "customer_support": """my package never arrived
The coupon code doesn't work at checkout
I can't get into my account any more
Your technician did not show up
Why is my bill higher than last month?
The blender I bought is broken, I want my money back
Can I change the name on my reservation?
Which warranty do I have on the headphones?
Please send me a new activation link.
Wrong size delivered, how do I exchange it?
The website won't accept my credit card
I haven't received the confirmation email
My tv has no picture since this morning
Is it possible to pay on invoice?
When will the item be back in stock?
I'd like to speak to a human agent
There's a fee on my statement that I don't recognise
Update my phone number in your system
Where do I find my invoice?
Your app keeps crashing on my tablet
I need help setting up my new printer""",
}
