package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

class PeekTest {

    private static final int LONG = 1 << 20;

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Peek peek(Format format, String body) throws RequestException {
        return Peek.of(format, Operation.ANSWER, utf8(body));
    }

    private static Peek chat(String body) throws RequestException {
        return peek(Format.OPENAI_CHAT, body);
    }

    private static Peek chatOf(String fields) throws RequestException {
        return chat("{\"model\":\"m\",\"messages\":[]," + fields + "}");
    }

    @Test
    void chat_everyShapeOfText_isFoundInOrder() throws RequestException {
        Peek peek =
                chat(
                        """
                        {"model":"m","stream":true,"max_completion_tokens":7,
                         "tools":[{"type":"function"}],"response_format":{"type":"json_schema"},
                         "messages":[
                           {"role":"system","content":"be brief"},
                           {"content":[{"type":"text","text":"one \\ud83d\\ude80"},
                             {"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},
                             {"text":"tw\u00f6","type":"text"}],"role":"user"},
                           {"role":"assistant","content":"three","tool_calls":[{"id":"x"}]},
                           {"role":"tool","content":"not said by a user"},
                           {"role":"developer","content":"slipped in"},
                           {"role":"user","content":"four"}]}\
                        """);
        assertThat(peek.model()).contains("m");
        assertThat(peek.stream()).isTrue();
        assertThat(peek.tools()).isTrue();
        assertThat(peek.schema()).isTrue();
        assertThat(peek.maxTokens()).hasValue(7);
        assertThat(peek.images()).isEqualTo(1);
        assertThat(peek.system(true)).isEqualTo("be brief");
        assertThat(peek.turns()).isEqualTo(3);
        assertThat(peek.text(0, true)).isEqualTo("one \uD83D\uDE80\ntw\u00f6");
        assertThat(peek.byAssistant(1)).isTrue();
        assertThat(peek.text(2, true)).isEqualTo("four");
    }

    @Test
    void anthropic_toolResultWithImageAndDocument_isCounted() throws RequestException {
        Peek peek =
                peek(
                        Format.ANTHROPIC_MESSAGES,
                        """
                        {"max_tokens":5,"model":"m","system":[{"type":"text","text":"a"},
                         {"type":"text","text":"b","cache_control":{"type":"ephemeral"}}],
                         "messages":[{"role":"user","content":[
                           {"type":"tool_result","content":[
                             {"type":"image","source":{"type":"base64","data":"AAAA"}},
                             {"type":"text","text":"out"}]},
                           {"type":"document","source":{"data":"BBBB"}},
                           {"type":"text","text":"see"}]}]}\
                        """);
        assertThat(peek.images()).isEqualTo(1);
        assertThat(peek.documents()).isEqualTo(1);
        assertThat(peek.system(false)).isEqualTo("a\nb");
        assertThat(peek.text(0, false)).isEqualTo("see");
        assertThat(peek.textLength()).isPositive().isLessThan(peek.length());
    }

    @Test
    void responses_textOrItems_areTurns() throws RequestException {
        assertThat(
                        peek(Format.OPENAI_RESPONSES, "{\"input\":\"hi\",\"model\":\"m\"}")
                                .text(0, true))
                .isEqualTo("hi");
        Peek peek =
                peek(
                        Format.OPENAI_RESPONSES,
                        """
                        {"model":"m","instructions":"s","text":{"format":{"type":"json_schema"}},
                         "input":[{"type":"message","role":"user","content":[
                            {"type":"input_text","text":"q"},{"type":"input_file","file_id":"f"}]},
                          {"type":"function_call_output","output":[
                            {"type":"input_image","image_url":"u"}]},
                          {"role":"assistant","content":[{"type":"output_text","text":"a"}]}]}\
                        """);
        assertThat(peek.system(true)).isEqualTo("s");
        assertThat(peek.schema()).isTrue();
        assertThat(peek.turns()).isEqualTo(2);
        assertThat(peek.images()).isEqualTo(1);
        assertThat(peek.documents()).isEqualTo(1);
    }

    @Test
    void length_saidTwice_isTheLarger() throws RequestException {
        assertThat(chatOf("\"max_completion_tokens\":90,\"max_tokens\":1").maxTokens())
                .hasValue(90);
    }

    @Test
    void background_ofResponses_isRefused() throws RequestException {
        String body = "{\"model\":\"m\",\"input\":\"q\",\"background\":%s}";

        assertThat(peek(Format.OPENAI_RESPONSES, body.formatted("false")).model()).contains("m");
        assertThatThrownBy(() -> peek(Format.OPENAI_RESPONSES, body.formatted("true")))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("in the background are not served");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "8, 8", "0, 1", "-5, 1", "1e400, 1", "99999999999999999999, 1000"})
    void choices_areBounded(String said, int choices) throws RequestException {
        assertThat(chatOf("\"n\":" + said).choices()).isEqualTo(choices);
        String body = "{\"generationConfig\":{\"candidateCount\":%s},\"contents\":[]}";
        assertThat(peek(Format.GEMINI, body.formatted(said)).choices()).isEqualTo(choices);
    }

    @Test
    void gemini_partsThoughtsAndData_areTold() throws RequestException {
        Peek peek =
                peek(
                        Format.GEMINI,
                        """
                        {"systemInstruction":{"parts":[{"text":"s"}]},
                         "generationConfig":{"responseSchema":{},"maxOutputTokens":9},
                         "contents":[{"role":"user","parts":[{"text":"q"},
                           {"inlineData":{"mimeType":"image/png","data":"AA"}},
                           {"inline_data":{"mime_type":"application/pdf","data":"AA"}}]},
                          {"role":"model","parts":[{"text":"hm","thought":true},{"text":"a"}]}]}\
                        """);
        assertThat(peek.system(true)).isEqualTo("s");
        assertThat(peek.schema()).isTrue();
        assertThat(peek.maxTokens()).hasValue(9);
        assertThat(peek.text(0, true)).isEqualTo("q");
        assertThat(peek.text(1, true)).isEqualTo("a");
        assertThat(peek.images()).isEqualTo(1);
        assertThat(peek.documents()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"stream\":{\"model\":\"x\"},\"contents\":[]}",
                "{\"stream\":[1,[2]],\"contents\":[]}",
                "{\"contents\":[{\"parts\":[{\"thought\":[1],\"text\":\"t\"}]}]}",
                "{\"contents\":[{\"parts\":[{\"thought\":{\"a\":[1]},\"text\":\"t\"}]}]}",
                "{\"contents\":[{\"parts\":[{\"thought\":{\"text\":\"no\"}}]}]}"
            })
    void gemini_valuesOfAnotherType_areLeftToTheProvider(String body) throws RequestException {
        Peek peek = peek(Format.GEMINI, body);
        assertThat(peek.model()).isEmpty();
        assertThat(peek.turns()).isLessThan(2);
    }

    @Test
    void model_escaped_isDecodedAndItsPlaceIsRight() throws RequestException {
        String body =
                "{ \"messages\":[], \"\\u006dodel\" : \"a\\\"\\u00e9\\\\\" , \"z\":\"\u4e2d\"}";
        Peek peek = chat(body);
        assertThat(peek.model()).contains("a\"\u00e9\\");
        Peek.Span span = peek.models.getFirst();
        assertThat(
                        new String(
                                utf8(body),
                                span.from(),
                                span.to() - span.from(),
                                StandardCharsets.UTF_8))
                .isEqualTo("\"a\\\"\\u00e9\\\\\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"a\",\"model\":\"b\",\"messages\":[]}",
                "{\"model\":\"a\",\"\\u006dodel\":\"b\",\"messages\":[]}",
                "{\"model\":\"a\",\"messages\":[],\"m\\u0065ssages\":[]}",
                "{\"model\":\"a\",\"messages\":[],\"stream\":true,\"stream\":false}",
                "{\"model\":\"a\",\"messages\":[],\"stream_options\":{},\"stream_options\":{}}"
            })
    void case26_key_saidTwice_isRefused(String body) {
        assertThatThrownBy(() -> chat(body))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("stands twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "[]",
                "null",
                "\"x\"",
                "{",
                "{}",
                "{}{}",
                "{\"model\":\"a\"}",
                "{\"messages\":[]}",
                "{\"model\":1,\"messages\":[]}",
                "{\"model\":null,\"messages\":[]}",
                "{\"model\":\" \",\"messages\":[]}",
                "{\"model\":\"a\",\"messages\":{}}",
                "{\"model\":\"a\",\"messages\":\"x\"}",
                "{\"model\":\"a\",\"messages\":[1]}",
                "{\"model\":\"a\",\"messages\":[],\"stream\":1}",
                "{\"model\":\"a\",\"messages\":[],\"stream\":\"true\"}",
                "{\"model\":\"a\",\"messages\":[],\"max_tokens\":1.5}",
                "{\"model\":\"a\",\"messages\":[],\"max_tokens\":\"5\"}",
                "{\"model\":\"a\",\"messages\":[]} x",
                "{\"model\":\"a\",\"messages\":[],}",
                "{\"model\":\"a\",\"messages\":[],\"x\":01}",
                "{\"model\":\"a\",\"messages\":[],\"x\":NaN}",
                "{\"model\":\"a\",\"messages\":[],\"x\":'y'}",
                "{\"model\":\"a\",\"messages\":[],\"x\":\"\\ud8\"}",
                "\ufeff{\"model\":\"a\",\"messages\":[]}"
            })
    void body_notAsAsked_isRefused(String body) {
        assertThatThrownBy(() -> chat(body)).isInstanceOf(RequestException.class);
    }

    @Test
    void anthropic_withoutMaxTokens_isRefused() {
        assertThatThrownBy(
                        () -> peek(Format.ANTHROPIC_MESSAGES, "{\"model\":\"m\",\"messages\":[]}"))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("max_tokens");
    }

    @Test
    void body_inUtf16_isRefused() {
        String body = "{\"model\":\"a\",\"messages\":[]}";
        for (var charset :
                new java.nio.charset.Charset[] {
                    StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE
                }) {
            assertThatThrownBy(() ->
                            Peek.of(Format.OPENAI_CHAT, Operation.ANSWER, body.getBytes(charset)))
                    .isInstanceOf(RequestException.class);
        }
    }

    @Test
    void body_nestedTooDeep_isRefused() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThatThrownBy(() -> chatOf("\"x\":" + deep)).isInstanceOf(RequestException.class);
        String parts = "[{\"content\":".repeat(50_000);
        assertThatThrownBy(() -> chat("{\"model\":\"m\",\"messages\":" + parts))
                .isInstanceOf(RequestException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"x\":1                                            | NO_OPTIONS",
                "\"stream_options\":null                            | NULL_OPTIONS",
                "\"stream_options\":{}                              | NOT_SAID",
                "\"stream_options\" : { }                           | NOT_SAID",
                "\"stream_options\":{\"other\":{\"include_usage\":true}} | NOT_SAID",
                "\"stream_options\":{\"include_usage\":false}       | REFUSED",
                "\"stream_options\":{\"include_usage\":null}        | REFUSED",
                "\"stream_options\":{\"include_usage\":{\"a\":[]}}  | REFUSED",
                "\"stream_options\":{\"include_usage\":true}        | WANTED",
                "\"stream_options\":{\"\\u0069nclude_usage\": true} | WANTED"
            })
    void streamOptions_inEveryShape_areTold(String fields, Peek.IncludeUsage expected)
            throws RequestException {
        assertThat(chatOf(fields).includeUsage).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u00e9", "\u4e2d", "\uD83D\uDE80", "\\n", "\\u00e9", "\\\\", "\\\"", "ab"})
    void longText_cutAnywhere_isCutBetweenCharacters(String piece) throws RequestException {
        for (int shift = 0; shift < 7; shift++) {
            String text = "x".repeat(shift) + piece.repeat(LONG / 2 + 10);
            Peek peek =
                    chat(
                            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\""
                                    + text
                                    + "\"}]}");
            String whole = peek.text(0, true);
            String cut = peek.text(0, false);
            assertThat(whole.startsWith(cut)).as("shift " + shift).isTrue();
            assertThat(cut.length()).isLessThan(whole.length()).isGreaterThan(LONG / 8);
        }
    }

    @Test
    void sketch_sameConversationOtherSettings_isEqual() throws RequestException {
        String talk = "\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]";
        String one = chat("{\"model\":\"a\"," + talk + "}").sketch();
        assertThat(chat("{" + talk + ",\"model\":\"b\",\"stream\":true}").sketch()).isEqualTo(one);
        assertThat(chat("{\"model\":\"a\"," + talk.replace("q", "p") + "}").sketch())
                .isNotEqualTo(one);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openai-chat |"
                    + " {'model':'m','messages':[{'role':'user','content':'a'},{'role':'tool','content':'b'}]}"
                    + " | true",
                "openai-chat |"
                    + " {'model':'m','messages':[{'role':'tool','content':'b'},{'role':'assistant','content':'c'},{'role':'user','content':'d'}]}"
                    + " | false",
                "anthropic-messages |"
                    + " {'model':'m','max_tokens':1,'messages':[{'role':'user','content':[{'type':'tool_result','content':[{'type':'text','text':'b'}]}]}]}"
                    + " | true",
                "anthropic-messages |"
                    + " {'model':'m','max_tokens':1,'messages':[{'content':[{'content':'b','type':'tool_result'},{'type':'text','text':'x'}],'role':'user'},{'role':'system','content':'s'}]}"
                    + " | true",
                "anthropic-messages |"
                    + " {'model':'m','max_tokens':1,'messages':[{'role':'user','content':[{'type':'tool_result'}]},{'role':'user','content':'d'}]}"
                    + " | false",
                "openai-responses |"
                    + " {'model':'m','input':[{'type':'function_call','call_id':'1'},{'type':'function_call_output','call_id':'1','output':'b'}]}"
                    + " | true",
                "openai-responses |"
                    + " {'model':'m','input':[{'type':'custom_tool_call_output','call_id':'1','output':'b'}]}"
                    + " | true",
                "openai-responses |"
                    + " {'model':'m','input':[{'type':'function_call_output','call_id':'1','output':'b'},{'type':'message','role':'user','content':'d'}]}"
                    + " | false",
                "openai-responses | {'model':'m','input':'hello'} | false",
                "gemini |"
                    + " {'contents':[{'role':'user','parts':[{'functionResponse':{'name':'f','response':{}}}]}]}"
                    + " | true",
                "gemini |"
                    + " {'contents':[{'role':'user','parts':[{'functionResponse':{'name':'f'}}]},{'role':'model','parts':[{'text':'a'}]},{'role':'user','parts':[{'text':'b'}]}]}"
                    + " | false",
            })
    void lastTurn_thatGivesWhatAToolGave_isKnown(String format, String body, boolean expected)
            throws RequestException {
        Peek peek = peek(Format.of(format).orElseThrow(), body.replace('\'', '"'));

        assertThat(peek.answersTool()).isEqualTo(expected);
    }

    @Test
    void instructions_beforeTheUser_areNoTurnOfAModel() throws RequestException {
        String said =
                "{'model':'m','messages':[{'role':'%s','content':'a'},{'role':'user','content':'b'}]}";

        for (String role : List.of("system", "developer", "user")) {
            assertThat(peek(Format.OPENAI_CHAT, said.formatted(role).replace('\'', '"')).goesOn())
                    .isFalse();
        }
        for (String role : List.of("assistant", "tool", "function", "another")) {
            assertThat(peek(Format.OPENAI_CHAT, said.formatted(role).replace('\'', '"')).goesOn())
                    .isTrue();
        }
    }

    @Test
    void opening_asTheConversationGoesOn_staysTheSame() throws RequestException {
        String first =
                "{\"model\":\"m\",\"max_tokens\":1,\"system\":[{\"type\":\"text\",\"text\":\"x-anthropic-billing-header:"
                    + " cch=%s;\"},{\"type\":\"text\",\"text\":\"be"
                    + " good\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
                    + "\"text\":\"hello\"%s}]}%s]}";
        String marked = ",\"cache_control\":{\"type\":\"ephemeral\"}";
        String more =
                ",{\"role\":\"assistant\",\"content\":\"hi\"},{\"role\":\"user\",\"content\":\"and\"}";

        assertThat(opening(Format.ANTHROPIC_MESSAGES, first.formatted("01", marked, "")))
                .isEqualTo(opening(Format.ANTHROPIC_MESSAGES, first.formatted("77", "", more)))
                .isEqualTo("\"be good\"\"hello\"");
    }

    @Test
    void opening_withoutAText_isNone() throws RequestException {
        String image =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"s\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}";

        assertThat(chat(image).opening((body, from, to) -> {})).isFalse();
    }

    private static String opening(Format format, String body) throws RequestException {
        StringBuilder given = new StringBuilder();
        peek(format, body)
                .opening((bytes, from, to) ->
                        given.append(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        return given.toString();
    }

    @Test
    void cacheKey_ofTheCaller_isRead() throws RequestException {
        assertThat(chatOf("\"prompt_cache_key\":\"k1\"").cacheKey()).contains("k1");
        assertThat(chatOf("\"prompt_cache_key\":null").cacheKey()).isEmpty();
    }
}
