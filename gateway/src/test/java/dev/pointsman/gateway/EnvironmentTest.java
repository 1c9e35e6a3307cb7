package dev.pointsman.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvironmentTest {

    @Test
    void environment_ofTheTests_holdsNoCredentialAndNoAddressOfTheirRunner() {
        assertThat(System.getenv())
                .doesNotContainKeys(
                        "ANTHROPIC_API_KEY",
                        "ANTHROPIC_AUTH_TOKEN",
                        "ANTHROPIC_BASE_URL",
                        "OPENAI_API_KEY",
                        "OPENAI_BASE_URL",
                        "GEMINI_API_KEY",
                        "GOOGLE_API_KEY",
                        "GOOGLE_GEMINI_BASE_URL",
                        "GOOGLE_GENAI_USE_VERTEXAI",
                        "POINTSMAN_POLICY");
    }
}
