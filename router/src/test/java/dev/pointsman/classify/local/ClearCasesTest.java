package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Clear cases that the built-in model must know; how good it is on others says the model card. */
class ClearCasesTest {

    private static final Map<String, List<String>> PROMPTS =
            Map.of(
                    "reasoning",
                    List.of(
                            "We run a monolith with 2M lines of Java and 40 developers. "
                                    + "Should we split it into services? Weigh the trade-offs and "
                                    + "recommend a path.",
                            "Our service leaks about 50 MB an hour only under load from "
                                    + "the mobile clients. The heap dump shows many byte arrays "
                                    + "held by Netty. What is the likely cause, and how would you "
                                    + "prove it?",
                            "Review this auth module for security issues:\n\npublic "
                                    + "boolean login(String user, String pw) {\n  return "
                                    + "db.query(\"select 1 from users where name='\" + user + \"' "
                                    + "and pw='\" + pw + \"'\").next();\n}",
                            "A train leaves Lyon at 9:10 at 180 km/h, another leaves "
                                    + "Paris, 430 km away, at 9:40 at 220 km/h. When and where do "
                                    + "they meet? Show each step.",
                            "Prove that the square root of 3 is irrational.",
                            "Two threads deadlock about once a week in this code. Explain "
                                    + "step by step how that can happen and how to fix the locking "
                                    + "order.",
                            "Compare event sourcing with a plain relational model for a bank ledger"
                                + " that must be audited. Which would you choose for us and why?",
                            "Why does this test fail only on CI and only on Mondays? Here "
                                    + "is the stack trace:\njava.lang.AssertionError: expected 7 "
                                    + "but was 6\n\tat com.acme.WeekTest.weeks(WeekTest.java:41)",
                            "Design the architecture of a multi-region payment system "
                                    + "that survives the loss of one region; discuss consistency "
                                    + "and failure modes.",
                            "Anna is older than Ben, Ben is younger than Carl, and Carl "
                                    + "is not the oldest. Who is the oldest? Explain your "
                                    + "reasoning.",
                            "Plan the migration of our PostgreSQL 11 cluster to 17 with "
                                    + "less than five minutes of downtime. List the risks of each "
                                    + "phase and how to roll back.",
                            "Analyze the root cause of last night's outage from these "
                                    + "timelines and tell us which of the three hypotheses fits "
                                    + "best.",
                            "Is this lock-free queue correct under the Java memory model? "
                                    + "Argue for each interleaving.",
                            "Should we use Kafka or PostgreSQL as a job queue for 200 "
                                    + "jobs a second? Consider operations, ordering, cost and team "
                                    + "skills.",
                            "A shop sells pens at 3 for $2 and notebooks at $4 each. Mia "
                                    + "spent $22 and bought twice as many notebooks as packs of "
                                    + "pens. How many pens did she buy?"),
                    "generation",
                    List.of(
                            "Write a Python function that merges overlapping intervals "
                                    + "and returns them sorted.",
                            "Write unit tests with JUnit 5 for the following class.",
                            "Draft a friendly email to a customer whose parcel is two "
                                    + "weeks late, and offer a refund of the shipping cost.",
                            "Write a short story about a lighthouse keeper who finds a "
                                    + "message in a bottle.",
                            "Create a React component for a sortable table with " + "pagination.",
                            "Generate a README for a command line tool that renames "
                                    + "photos by date.",
                            "Write a blog post of about 800 words on why small teams "
                                    + "should write things down.",
                            "Implement a REST endpoint in Spring Boot that uploads a CSV "
                                    + "and stores its rows.",
                            "Compose a poem about the first snow in the mountains.",
                            "Write a Bash script that backs up a folder to S3 every night "
                                    + "and keeps the last seven copies.",
                            "Write a cover letter for a junior data analyst position at a "
                                    + "hospital.",
                            "Write a SQL migration that adds an index on "
                                    + "orders(customer_id, created_at).",
                            "Give me a product description for a handmade oak desk, about "
                                    + "120 words.",
                            "Write a Dockerfile for a Node 22 application with a "
                                    + "multi-stage build.",
                            "Write a speech for my sister's wedding, funny and warm, "
                                    + "about three minutes long."),
                    "triage",
                    List.of(
                            "Classify the sentiment of this review as positive, negative "
                                    + "or neutral: The battery died after two days.",
                            "Summarize the following article in two sentences: The city "
                                    + "council voted on Tuesday to close the bridge for repairs "
                                    + "until spring.",
                            "Translate to French: The meeting has been moved to Thursday "
                                    + "at ten.",
                            "Extract all email addresses from this text: write to "
                                    + "anna@example.com or bob@example.org",
                            "Is this message spam? Answer yes or no: You have won a free "
                                    + "cruise, click here.",
                            "What is the capital of Australia?",
                            "Which department should handle this ticket: billing, "
                                    + "technical support or sales? \"I was charged twice this "
                                    + "month.\"",
                            "Tag this support request with one of: bug, feature, "
                                    + "question. \"It would be great to have a dark mode.\"",
                            "TL;DR of this thread please: Tom says the build is red, Ann "
                                    + "fixed the test, Tom merged it.",
                            "What language is this sentence written in? \"Hvor er "
                                    + "biblioteket?\"",
                            "Correct the spelling: I recieved teh pacakge yesterday.",
                            "Who wrote Pride and Prejudice?",
                            "Extract the invoice number, the date and the total as JSON: "
                                    + "Invoice 4711 of 3 May 2024, total 199.00 EUR",
                            "Does the premise entail the hypothesis? Premise: A man plays "
                                    + "a guitar. Hypothesis: A person makes music. Answer "
                                    + "entailment, neutral or contradiction.",
                            "Route this message to the right queue: \"My password reset "
                                    + "link does not work.\""),
                    "vision",
                    List.of(
                            "What is shown in the attached picture?",
                            "Describe this image in detail.",
                            "Read the text in this screenshot.",
                            "What does the chart in the image say about sales in 2023?",
                            "How many people are in this photo?",
                            "What colour is the car in the picture?",
                            "Transcribe the handwritten note in the attached photo.",
                            "Look at the attached screenshot and tell me which button is "
                                    + "disabled.",
                            "Is there a dog in this image?",
                            "Compare the two attached photos and tell me what has " + "changed.",
                            "What is written on the sign in the image?",
                            "Generate alt text for the attached image.",
                            "From the scanned receipt attached, what is the total?",
                            "Explain the diagram in the attached image.",
                            "What brand of shoes is the person in the photo wearing?"));

    @Test
    void clearCases_ofEachCategory_areAlmostAllKnown() {
        LocalModel model = LocalModel.builtIn();
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Map.Entry<String, List<String>> one : PROMPTS.entrySet()) {
            int known = 0;
            for (String prompt : one.getValue()) {
                Verdict verdict = model.classify(prompt);
                if (verdict.category().equals(one.getKey())) {
                    known++;
                } else {
                    wrong.add(one.getKey() + " taken for " + verdict + ": " + prompt);
                }
                count++;
            }
            assertThat(known)
                    .as("%s: %s", one.getKey(), wrong)
                    .isGreaterThanOrEqualTo(one.getValue().size() * 8 / 10);
        }

        assertThat(count).isEqualTo(60);
        assertThat(wrong).as("%s", wrong).hasSizeLessThanOrEqualTo(count / 10);
    }
}
