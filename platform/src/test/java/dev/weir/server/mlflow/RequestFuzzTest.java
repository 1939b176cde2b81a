package dev.weir.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.weir.base.problem.ProblemException;
import dev.weir.ml.tracking.search.FilterParser;
import dev.weir.ml.tracking.search.Vocabulary;

import java.util.List;

/**
 * Whatever a stranger sends is read or refused in words: anything else that is thrown is a finding.
 * {@code JAZZER_FUZZ=1 mvn test -Dtest='RequestFuzzTest#anyFilter'} looks for one.
 */
class RequestFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void anyFilter(FuzzedDataProvider data) {
        String order = data.consumeString(40);
        String filter = data.consumeRemainingAsString();
        try {
            FilterParser.filter(Vocabulary.RUNS, filter);
            FilterParser.orders(Vocabulary.RUNS, List.of(order));
        } catch (ProblemException refused) {
            assertThat(refused.problems()).isNotEmpty();
        }
    }

    @FuzzTest(maxDuration = "1m")
    void anyBatch(FuzzedDataProvider data) {
        boolean single = data.consumeBoolean();
        byte[] body = data.consumeRemainingAsBytes();
        try {
            if (single) {
                BatchReader.metric(body);
            } else {
                BatchReader.batch(body);
            }
        } catch (MlflowException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE);
        }
    }
}
