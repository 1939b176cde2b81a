package dev.weir.ml.tracking.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

class FilterParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "metrics.loss < 0.45 and params.lr = '0.01' and tags.team = 'a'",
                "metric.`a b` >= -1e-3 AND tag.\"x y\" != \"v\"",
                "attributes.run_id IN ('a', 'b') or not (status = 'FINISHED')",
                "run_id not in ('a')",
                "tags.mlflow.parentRunId = 'x'",
                "tags.`mlflow.parentRunId` LIKE '%x_'",
                "datasets.name ILIKE 'Train%'",
                "created > 5",
                "parameters.größe = 'it''s'",
                "  "
            })
    void readsTheLanguage(String text) {
        assertThat(FilterParser.filter(Vocabulary.RUNS, text)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "foo = 1 | 1 | Invalid attribute key 'foo'",
                "metrics.a > 1 and bar.x = '1' | 19 | Invalid entity type 'bar'",
                "metrics.a > 'x' | 13 | Expected numeric value",
                "params.a = 1 | 12 | Expected a quoted string value",
                "params.a > '1' | 10 | Invalid comparator '>'",
                "metrics.a > 1 metrics.b > 2 | 15 | AND, OR or the end",
                "(metrics.a > 1 | 15 | ')'",
                "metrics.a > | 12 | Expected numeric value",
                "tags.a = 'x | 10 | ' is not closed",
                "tags.a ! 'x' | 8 | !=",
                "run_id IN () | 12 | a quoted text",
                "datasets.size = '1' | 1 | Invalid dataset key",
                "; drop table run | 1 | expected: a name",
            })
    void tellsThePlaceOfAMistake(String text, int character, String expected) {
        assertThatThrownBy(() -> FilterParser.filter(Vocabulary.RUNS, text))
                .hasMessageContaining("at character " + character)
                .hasMessageContaining(expected);
    }

    @Test
    void deepAndLongFiltersAreRefused() {
        String deep = "(".repeat(100_000 - 1);
        assertThatThrownBy(() -> FilterParser.filter(Vocabulary.RUNS, deep))
                .hasMessageContaining("nested deeper than 50");
        String not = "not ".repeat(1_000) + "metrics.a > 1";
        assertThatThrownBy(() -> FilterParser.filter(Vocabulary.RUNS, not))
                .hasMessageContaining("nested deeper than 50");
        String many = String.join(" and ", Collections.nCopies(301, "metrics.a > 1"));
        assertThatThrownBy(() -> FilterParser.filter(Vocabulary.RUNS, many))
                .hasMessageContaining("more than 300 clauses");
        assertThatThrownBy(() -> FilterParser.filter(Vocabulary.RUNS, "x".repeat(100_001)))
                .hasMessageContaining("100001 characters");
        assertThatThrownBy(
                        () ->
                                FilterParser.orders(
                                        Vocabulary.RUNS, Collections.nCopies(5_000, "metrics.a")))
                .hasMessageContaining("5000 fields (expected: at most 50)");
        assertThatThrownBy(
                        () ->
                                FilterParser.orders(
                                        Vocabulary.RUNS,
                                        List.of("start_time", "attributes.created DESC")))
                .hasMessageContaining("duplicate fields");
    }

    @Test
    void whateverIsSentIsReadOrRefusedWithWords() {
        String letters = "metrics.params tags`\"' <>=!()and or not like in,0.5e-+%_\\;\u0000ß😀\n";
        for (int seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                int from = random.nextInt(letters.length());
                int to = Math.min(letters.length(), from + 1 + random.nextInt(7));
                text.append(letters, from, to);
            }
            try {
                FilterParser.filter(Vocabulary.RUNS, text.toString());
            } catch (ProblemException e) {
                assertThat(e.getMessage()).as("seed %d", seed).contains("Invalid filter");
            }
        }
    }
}
