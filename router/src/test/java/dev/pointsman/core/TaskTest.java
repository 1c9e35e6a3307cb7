package dev.pointsman.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

/** What a task takes, and what it refuses. */
class TaskTest {

    @Test
    void task_saidInFull_keepsEachWord() {
        Task task =
                Task.of("hello")
                        .system("Be brief")
                        .category("triage")
                        .caller("com.acme.Main")
                        .session("s1")
                        .tag("job", "nightly")
                        .tag("team", "blue")
                        .maxTokens(5)
                        .temperature(0.5)
                        .stop("END")
                        .responseSchema("{}");

        assertThat(task.prompt()).isEqualTo("hello");
        assertThat(task.system()).contains("Be brief");
        assertThat(task.category()).contains("triage");
        assertThat(task.caller()).contains("com.acme.Main");
        assertThat(task.session()).contains("s1");
        assertThat(task.tags()).isEqualTo(Map.of("job", "nightly", "team", "blue"));
        assertThat(task.maxTokens()).isEqualTo(5);
        assertThat(task.temperature()).hasValue(0.5);
        assertThat(task.stop()).containsExactly("END");
        assertThat(task.responseSchema()).contains("{}");
    }

    @Test
    void task_changed_leavesTheOriginal() {
        Task task = Task.of("hello");
        task.maxTokens(5).image(Image.ofUrl("https://a/b.png"));

        assertThat(task.maxTokens()).isEqualTo(Task.DEFAULT_MAX_TOKENS).isEqualTo(4096);
        assertThat(task.images()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\n\t"})
    void prompt_thatIsBlank_isRefused(String prompt) {
        assertThatThrownBy(() -> Task.of(prompt)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void messages_thatDoNotEndWithTheUser_areRefused() {
        assertThatThrownBy(() -> Task.of(List.of(Message.user("hi"), Message.assistant("hello"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Task.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 2.1, Double.NaN})
    void temperature_outOfRange_isRefused(double value) {
        assertThatThrownBy(() -> Task.of("x").temperature(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 2");
    }

    @Test
    void task_asText_showsNoPrompt() {
        assertThat(Task.of("a secret").system("another")).asString().doesNotContain("secret");
    }
}
