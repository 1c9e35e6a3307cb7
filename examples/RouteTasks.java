import dev.pointsman.Reply;
import dev.pointsman.ReplyStream;
import dev.pointsman.Router;
import dev.pointsman.core.Decision;
import dev.pointsman.core.Task;

/**
 * The library in a page. Run it from the project's root once Pointsman is built:
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp cli/target/pointsman.jar examples/RouteTasks.java</pre>
 *
 * It uses the practice provider, so that it needs no key; with {@code Router.create()} in its place models are called.
 */
class RouteTasks {

    public static void main(String[] args) {
        try (Router router = Router.practice()) {
            Reply summary = router.route("Summarize this error log in one sentence: disk full on db-2");
            System.out.println(summary.category() + " -> " + summary.model());
            System.out.println(summary.usage().totalInput() + " tokens in, " + summary.cost().total());

            Reply code = router.route(Task.of("A parser for ISO 8601 durations, in Java").category("generation").maxTokens(2048));
            System.out.println(code.category() + " -> " + code.model() + ", saved " + code.saved());

            Decision decision = router.explain("Review this auth module for security issues: ...");
            decision.candidates().forEach(one -> System.out.println(one.model().ref() + " " + one.expectedCost()));

            try (ReplyStream stream = router.stream("Write a haiku about railway points")) {
                for (String piece : stream) {
                    System.out.print(piece);
                }
                System.out.println();
                System.out.println(stream.reply().totalCost());
            }
        }
    }
}
