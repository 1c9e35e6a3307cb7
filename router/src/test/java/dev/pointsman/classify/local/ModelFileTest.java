package dev.pointsman.classify.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A model in a file: the same when it is read again, refused with clear words when it is not one.
 */
class ModelFileTest {

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void save() throws IOException {
        file = folder.resolve("mine.model");
        SmallModel.get().save(file);
    }

    @Test
    void model_savedAndLoaded_givesTheSameProbabilities() throws IOException {
        LocalModel loaded = LocalModel.load(file);

        assertThat(loaded.name()).isEqualTo("small");
        assertThat(loaded.categories()).isEqualTo(SmallModel.CATEGORIES);
        for (String text : texts()) {
            assertThat(loaded.probabilities(text)).isEqualTo(SmallModel.get().probabilities(text));
        }
    }

    @Test
    void model_savedTwice_hasTheSameBytes() throws IOException {
        Path again = folder.resolve("again.model");
        LocalModel.load(file).save(again);

        assertThat(Files.mismatch(file, again)).isEqualTo(-1);
    }

    @Test
    void model_savedOverAnother_replacesItWhole() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, new byte[2 * bytes.length]);
        SmallModel.get().save(file);

        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void builtIn_writtenWithItsLanguage_givesTheSameProbabilities() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LocalModel.builtIn().write(out, true);
        LocalModel read =
                LocalModel.read(new ByteArrayInputStream(out.toByteArray()), "the same model");

        assertThat(read.categories()).isEqualTo(LocalModel.builtIn().categories());
        for (String text : texts()) {
            assertThat(read.probabilities(text))
                    .isEqualTo(LocalModel.builtIn().probabilities(text));
        }
    }

    @Test
    void file_thatEndsTooEarly_isRefusedWherever() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length :
                new int[] {
                    0,
                    1,
                    3,
                    4,
                    5,
                    6,
                    7,
                    10,
                    13,
                    14,
                    20,
                    40,
                    60,
                    80,
                    100,
                    1_000,
                    100_000,
                    whole.length / 2,
                    whole.length - 4,
                    whole.length - 1
                }) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> LocalModel.load(file))
                    .as("of %d bytes the first %d", whole.length, length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("ends too early");
        }
    }

    @Test
    void file_thatIsSomethingElse_isRefused() throws IOException {
        Files.writeString(file, "{\"text\": \"not a model\"}");

        assertThatThrownBy(() -> LocalModel.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is no model of Pointsman");
    }

    @Test
    void file_ofAnotherFormat_isRefusedWithBothNumbers() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[5] = 7;
        Files.write(file, bytes);

        assertThatThrownBy(() -> LocalModel.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("format 7")
                .hasMessageContaining("format 1")
                .hasMessageContaining("pointsman train");
    }

    @Test
    void file_ofAnotherLanguage_isRefusedWithBothNames() throws IOException {
        String language = LocalModel.builtIn().language().name();
        String other = "X" + language.substring(1);
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, bytes.replaceFirst(language, other), StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> LocalModel.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(other)
                .hasMessageContaining(language)
                .hasMessageContaining("pointsman train");
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels", "temperature", "block", "scales", "dense", "bias", "length"})
    void file_whoseWeightsHaveAnotherShape_isRefused(String wrong) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            head(out, wrong);
        }

        assertThatThrownBy(() -> LocalModel.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is no model of Pointsman");
    }

    @Test
    void file_thatIsWrittenByHand_isRead() throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            head(out, "nothing");
        }

        assertThat(LocalModel.load(file).probabilities("x")).containsExactly(0.5, 0.5);
    }

    /** A model without weights, in which one thing may be wrong. */
    private static void head(DataOutputStream out, String wrong) throws IOException {
        out.writeInt(0x504D434C);
        out.writeShort(1);
        out.writeUTF("by hand");
        out.writeBoolean(false);
        out.writeUTF(LocalModel.builtIn().language().name());
        int labels = wrong.equals("labels") ? 1 : 2;
        out.writeShort(labels);
        for (int k = 0; k < labels; k++) {
            out.writeUTF("category " + k);
        }
        out.writeDouble(wrong.equals("temperature") ? Double.NaN : 1);
        if (wrong.equals("length")) {
            out.writeInt(-7);
        }
        for (int block = 0; block < 3; block++) {
            int missing = wrong.equals("block") && block == 2 ? 1 : 0;
            Numbers.write(new int[Buckets.COUNT - missing], out);
        }
        Numbers.write(new float[wrong.equals("scales") ? 2 : 3], out);
        int dense = 4 * LocalModel.builtIn().language().denseSize();
        Numbers.write(new float[wrong.equals("dense") ? dense + 1 : dense], out);
        Numbers.write(new float[wrong.equals("bias") ? 0 : 4], out);
    }

    @Test
    void file_thatIsNotThere_isRefused() {
        assertThatThrownBy(() -> LocalModel.load(folder.resolve("nowhere.model")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("nowhere.model");
    }

    private static List<String> texts() {
        List<String> texts = Texts.random(50, 5);
        assertThat(texts).hasSize(50).doesNotHaveDuplicates();
        return texts;
    }
}
