package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.policy.PolicyFile;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** What the documents show: policies load, Java compiles, links lead somewhere. */
class DocumentsTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK =
            Pattern.compile("^```(yaml|java)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)[^)]*\\)");

    @TempDir private Path folder;

    private record Block(String document, String language, String text) {}

    static Stream<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path folder :
                List.of(
                        ROOT,
                        ROOT.resolve("docs"),
                        ROOT.resolve("docs/decisions"),
                        ROOT.resolve("examples"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents.stream();
    }

    static Stream<Block> policies() throws IOException {
        return blocks("yaml");
    }

    static Stream<Block> programs() throws IOException {
        return blocks("java");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void policy_inADocument_loads(Block block) {
        PolicyFile.text(block.text(), block.document())
                .environment(name ->
                        Optional.of("value-of-" + name.toLowerCase(Locale.ROOT).replace('_', '-')))
                .load();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void java_inADocument_compiles(Block block) {
        String source =
                """
                import dev.pointsman.*;
                import dev.pointsman.core.*;
                import dev.pointsman.gateway.*;
                import dev.pointsman.ledger.*;
                import dev.pointsman.policy.*;
                import java.nio.file.Path;

                class Snippet {
                    void run() throws Exception {
                %s
                    }
                }
                """
                        .formatted(block.text());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        boolean compiled =
                compiler.getTask(
                                said,
                                null,
                                null,
                                List.of(
                                        "-proc:none",
                                        "-d",
                                        folder.toString(),
                                        "-cp",
                                        System.getProperty(
                                                "surefire.test.class.path",
                                                System.getProperty("java.class.path"))),
                                null,
                                List.of(new Source(source)))
                        .call();
        assertThat(compiled).as("%s:%n%s%n%s", block.document(), source, said).isTrue();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void links_inADocument_leadSomewhere(Path document) throws IOException {
        Matcher link = LINK.matcher(Files.readString(document));
        while (link.find()) {
            assertThat(document.resolveSibling(link.group(1))).exists();
        }
    }

    private static Stream<Block> blocks(String language) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path document : documents().toList()) {
            Matcher block = BLOCK.matcher(Files.readString(document));
            while (block.find()) {
                if (block.group(1).equals(language)) {
                    blocks.add(
                            new Block(document.getFileName().toString(), language, block.group(2)));
                }
            }
        }
        return blocks.stream();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
