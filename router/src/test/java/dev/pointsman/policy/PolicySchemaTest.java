package dev.pointsman.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The schema that editors use, against what the reader takes. */
class PolicySchemaTest {

    private final JsonSchema schema =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(PolicySchema.json());

    @Test
    void schema_ofTheBuiltInPolicy_holds() {
        assertThat(schema.validate(PolicyFile.builtInYaml(), InputFormat.YAML)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "founding-table.yaml",
                "mixed-providers.yaml",
                "faults.yaml",
                "resilience.yaml"
            })
    void schema_ofTheExamples_holds(String example) throws IOException {
        String yaml = Files.readString(Path.of("../examples", example));
        assertThat(schema.validate(yaml, InputFormat.YAML)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "catgories: {}",
                "providers: { a: { format: openai, base-url: 'http://a' } }",
                "providers: { a: { format: gemini } }",
                "categories: { triage: { models: haiku } }",
                "attempts: { max: many }",
                "attempts: { connect: 5 }",
                "prices: { a/b: { input: cheap, output: 1 } }",
                "rules: [{ when: { startswith: x }, category: triage }]",
            })
    void schema_ofAWrongFile_doesNotHold(String yaml) {
        assertThat(schema.validate(yaml, InputFormat.YAML)).isNotEmpty();
    }

    @Test
    void documents_thatAreShipped_areWhatIsGenerated() throws IOException {
        assertThat(Files.readString(Path.of("../docs/policy.schema.json")).strip())
                .isEqualTo(PolicySchema.json().strip());
        assertThat(Files.readString(Path.of("../docs/policy-reference.md")))
                .isEqualTo(PolicySchema.markdown());
    }
}
