package dev.weir.base.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;

class JsonTreeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                " true ",
                "\"é\\u0000\\\\ \"",
                "{\"a\":{\"b\":[1,-2,3.5,1e300,2147483648,9223372036854775808,null,false]},\"a\":2}",
                "[[],{},[{\"\":[\"x\"]}]]",
                "-0.0"
            })
    void readsWhatAMapperReads(String json) {
        var expected = JsonMapper.shared().readTree(json);
        assertThat(JsonTree.read(json)).isEqualTo(expected);
        assertThat(JsonTree.read(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1,", "{\"a\"}", "1 2", "{} x", "nul", "[1}", "'a'"})
    void refusesWhatIsNotOneValue(String json) {
        assertThatThrownBy(() -> JsonTree.read(json)).isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void refusesWhatNestsTooDeep(String open) {
        assertThatThrownBy(() -> JsonTree.read(open.repeat(100_000)))
                .isInstanceOf(JacksonException.class);
    }
}
