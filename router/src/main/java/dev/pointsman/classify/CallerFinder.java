package dev.pointsman.classify;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds who called Pointsman: the nearest class on the calling thread's stack that belongs neither
 * to Pointsman nor to the JDK, a language runtime or a framework. Lambdas and generated proxies are
 * called by the names in the source. Thread-safe.
 */
public final class CallerFinder {

    private static final StackWalker WALKER = StackWalker.getInstance(Set.of(), 16);

    /** The classes through which Pointsman is called. */
    private static final Set<String> OWN =
            Set.of("dev.pointsman.Router", "dev.pointsman.classify.CallerFinder");

    private static final String[] NOT_CALLERS = {
        "java.",
        "javax.",
        "jdk.",
        "sun.",
        "com.sun.",
        "kotlin.",
        "kotlinx.",
        "scala.",
        "groovy.",
        "clojure.",
        "org.springframework.",
        "io.vertx.",
        "io.netty.",
        "io.micronaut.",
        "io.quarkus.",
        "io.helidon.",
        "io.smallrye.",
        "reactor.",
        "rx.",
        "io.reactivex.",
        "akka.",
        "org.apache.pekko.",
        "org.apache.camel.",
        "org.apache.catalina.",
        "org.eclipse.jetty.",
        "io.undertow.",
        "org.jboss.",
        "dev.langchain4j.",
        "com.google.common.",
        "dev.failsafe.",
        "io.github.resilience4j.",
        "org.aspectj.",
        "net.bytebuddy.",
        "org.junit.",
        "org.mockito."
    };

    /**
     * What proxies of Spring, CGLIB, Byte Buddy, Weld and the JDK's lambdas add to a class's name.
     */
    private static final Pattern GENERATED =
            Pattern.compile(
                    "\\$\\$(Lambda|SpringCGLIB|EnhancerBy|FastClassBy|Enhancer|KeyFactory|_Weld|ByteBuddy).*"
                        + "|\\$(ByteBuddy|HibernateProxy|MockitoMock)\\$.*"
                        + "|_(Subclass|ClientProxy|Bean)$|/0x[0-9a-f]+$");

    private static final Pattern LAMBDA = Pattern.compile("(?:lambda|access)\\$(.+?)\\$?\\d*");

    private CallerFinder() {}

    /**
     * The caller as {@code package.Class.method}; empty if everything on the stack is a
     * framework's.
     */
    public static Optional<String> find() {
        return WALKER.walk(frames ->
                frames.filter(frame -> isCaller(frame.getClassName()))
                        .findFirst()
                        .map(frame -> normalised(frame.getClassName(), frame.getMethodName())));
    }

    /** Whether nothing in a name can have been generated: most names, and no pattern is tried. */
    private static boolean isPlain(String name) {
        return name.indexOf('$') < 0
                && name.indexOf('_') < 0
                && name.indexOf('/') < 0
                && name.indexOf('<') < 0;
    }

    static boolean isCaller(String className) {
        int nested = className.indexOf('$');
        if (OWN.contains(nested < 0 ? className : className.substring(0, nested))) {
            return false;
        }
        for (String prefix : NOT_CALLERS) {
            if (className.startsWith(prefix)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The names as the source has them: nested classes with dots, a lambda under the method that
     * holds it.
     */
    static String normalised(String className, String methodName) {
        if (isPlain(className) && isPlain(methodName)) {
            return className + "." + methodName;
        }
        String type = GENERATED.matcher(className).replaceAll("");
        String anonymous = type.replaceAll("(\\$\\d+)+(?=\\$|$)", "");
        var lambda = LAMBDA.matcher(methodName);
        String method = lambda.matches() ? lambda.group(1) : methodName;
        String plain =
                switch (method) {
                    case "<init>", "new" -> "new";
                    case "<clinit>", "static" -> "static";
                    default -> method;
                };
        return anonymous.replace('$', '.') + "." + plain;
    }
}
