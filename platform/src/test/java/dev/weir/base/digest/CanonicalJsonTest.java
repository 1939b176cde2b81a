package dev.weir.base.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class CanonicalJsonTest {
    private final JsonMapper json = new JsonMapper();

    @Test
    void writesTheExampleOfRfc8785() {
        String given =
                """
                {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                 "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                 "literals": [null, true, false]}\
                """;
        assertThat(CanonicalJson.text(json.readTree(given)))
                .isEqualTo(
                        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,"
                                + "0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    @Test
    void sortsKeysByUtf16CodeUnits() {
        String given = "{\"\\u20ac\":1,\"\\r\":2,\"1\":3,\"\\ud83d\\ude00\":4,\"\\u00f6\":5}";
        assertThat(CanonicalJson.text(json.readTree(given)))
                .isEqualTo("{\"\\r\":2,\"1\":3,\"ö\":5,\"€\":1,\"😀\":4}");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "4.9E-324, 5e-324",
        "1.7976931348623157E308, 1.7976931348623157e+308",
        "9007199254740992, 9007199254740992",
        "295147905179352830000, 295147905179352830000",
        "1e21, 1e+21",
        "1e-6, 0.000001",
        "1e-7, 1e-7",
        "-123.456, -123.456",
        "333333333.3333332, 333333333.3333332"
    })
    void writesNumbersAsEcmaScriptDoes(double number, String expected) {
        assertThat(CanonicalJson.text(JsonNodeFactory.instance.numberNode(number)))
                .isEqualTo(expected);
    }

    @Test
    void keepsWholeNumbersExact() {
        assertThat(CanonicalJson.text(json.readTree("[9223372036854775807,-5]")))
                .isEqualTo("[9223372036854775807,-5]");
    }

    @Test
    void refusesWhatIsNotANumber() {
        assertThatThrownBy(
                        () -> CanonicalJson.text(JsonNodeFactory.instance.numberNode(Double.NaN)))
                .hasMessage("number: NaN (expected: finite)");
    }
}
