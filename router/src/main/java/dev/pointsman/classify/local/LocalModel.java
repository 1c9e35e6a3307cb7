package dev.pointsman.classify.local;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A classifier of texts: what words mean, and the weights of its categories. Immutable and
 * thread-safe; never blocks, and takes microseconds.
 */
public final class LocalModel {

    private static final int MAGIC = 0x504D434C;
    private static final int VERSION = 1;
    private static final int LARGEST_STRETCH = 1 << 16;
    private static final String RESOURCE = "builtin.model";

    private final String name;
    private final Language language;
    private final Head head;
    private final Readings readings;

    LocalModel(String name, Language language, Head head) {
        this(name, language, head, new Readings(language));
    }

    private LocalModel(String name, Language language, Head head, Readings readings) {
        this.name = name;
        this.language = language;
        this.head = head;
        this.readings = readings;
    }

    /**
     * The model that comes with Pointsman; read on the first call, in about a tenth of a second.
     */
    public static LocalModel builtIn() {
        return BuiltIn.MODEL;
    }

    /**
     * A model that {@code pointsman train} has written.
     *
     * @throws IOException if the file cannot be read, is no model, or belongs to another edition of
     *     the built-in one
     */
    public static LocalModel load(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        }
    }

    /** Writes the head alone; what words mean stays with the built-in model. */
    public void save(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            write(out, false);
        }
    }

    /** Its edition, for decisions and reports. */
    public String name() {
        return name;
    }

    public List<String> categories() {
        return head.labels();
    }

    /** The most probable of all its categories. */
    public Verdict classify(String text) {
        return classify(text, label -> true);
    }

    /** The most probable of those of its categories that are asked for; at least one must be. */
    public Verdict classify(String text, Set<String> among) {
        return classify(text, among::contains);
    }

    private Verdict classify(String text, Predicate<String> among) {
        Reading reading = readings.take();
        try {
            reading.read(text);
            double[] probabilities = probabilities(reading);
            return verdict(probabilities, among);
        } finally {
            readings.giveBack(reading);
        }
    }

    /** Each category's probability, in the order of {@link #categories}. */
    public double[] probabilities(String text) {
        Reading reading = readings.take();
        try {
            reading.read(text);
            return probabilities(reading);
        } finally {
            readings.giveBack(reading);
        }
    }

    private double[] probabilities(Reading reading) {
        double[] scores = new double[head.labels().size()];
        head.score(reading, scores);
        Softmax.inPlace(scores, head.temperature());
        return scores;
    }

    /**
     * The best two of some categories. Where several are asked for, their probabilities are made to
     * sum to one; a single one keeps its own.
     */
    private Verdict verdict(double[] probabilities, Predicate<String> among) {
        int best = -1;
        int second = -1;
        double sum = 0;
        int count = 0;
        for (int k = 0; k < probabilities.length; k++) {
            if (!among.test(head.labels().get(k))) {
                continue;
            }
            count++;
            sum += probabilities[k];
            if (best < 0 || probabilities[k] > probabilities[best]) {
                second = best;
                best = k;
            } else if (second < 0 || probabilities[k] > probabilities[second]) {
                second = k;
            }
        }
        if (best < 0) {
            throw new IllegalArgumentException("None of the categories asked for is the model's");
        }
        double whole = count == 1 ? 1 : sum;
        String label = head.labels().get(best);
        return second < 0
                ? new Verdict(label, probabilities[best], label, probabilities[best])
                : new Verdict(
                        label,
                        probabilities[best] / whole,
                        head.labels().get(second),
                        probabilities[second] / whole);
    }

    Language language() {
        return language;
    }

    Head head() {
        return head;
    }

    Readings readings() {
        return readings;
    }

    void write(OutputStream stream, boolean withLanguage) throws IOException {
        DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(stream, LARGEST_STRETCH));
        out.writeInt(MAGIC);
        out.writeShort(VERSION);
        out.writeUTF(name);
        out.writeBoolean(withLanguage);
        if (withLanguage) {
            language.write(out);
        } else {
            out.writeUTF(language.name());
        }
        head.write(out);
        out.flush();
    }

    static LocalModel read(InputStream stream, String from) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(stream, LARGEST_STRETCH));
        try {
            if (in.readInt() != MAGIC) {
                throw new IOException(from + " is no model of Pointsman");
            }
            int version = in.readUnsignedShort();
            if (version != VERSION) {
                throw new IOException(
                        from
                                + " is a model of format "
                                + version
                                + ", and this Pointsman reads format "
                                + VERSION
                                + ": train it again with `pointsman train`");
            }
            String name = in.readUTF();
            if (in.readBoolean()) {
                return new LocalModel(name, Language.read(in), head(in, from));
            }
            return ofBuiltInLanguage(name, in, from);
        } catch (EOFException e) {
            throw new IOException(from + " ends too early to be a model", e);
        }
    }

    private static LocalModel ofBuiltInLanguage(String name, DataInputStream in, String from)
            throws IOException {
        LocalModel builtIn = builtIn();
        String language = in.readUTF();
        if (!language.equals(builtIn.language.name())) {
            throw new IOException(
                    from
                            + " was trained on "
                            + language
                            + ", and this Pointsman has "
                            + builtIn.language.name()
                            + ": train it again with `pointsman train`");
        }
        Head head = head(in, from);
        if (head.denseSize() != builtIn.language.denseSize()) {
            throw new IOException(from + " is no model of Pointsman: its weights do not fit");
        }
        return new LocalModel(name, builtIn.language, head, builtIn.readings);
    }

    private static Head head(DataInputStream in, String from) throws IOException {
        try {
            return Head.read(in);
        } catch (EOFException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(from + " is no model of Pointsman: " + e.getMessage(), e);
        }
    }

    private static final class BuiltIn {
        private static final LocalModel MODEL = load();

        private static LocalModel load() {
            try (InputStream in = LocalModel.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException("The built-in model is missing");
                }
                return read(in, "the built-in model");
            } catch (IOException e) {
                throw new UncheckedIOException("The built-in model cannot be read", e);
            }
        }
    }
}
