package dev.weir.ml.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.ml.stats.sequential.RatioTest.Seen;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/**
 * That an e-value's mean is 1 is proven by adding up all that can happen; the rest by many streams.
 */
class SequentialTestsTest {
    private static final int STREAMS = Boolean.getBoolean("weir.test.full") ? 20_000 : 2_000;

    @Test
    void theEvidenceAgainstARateIsOneOnAverageAtItsBound() {
        for (double bound : new double[] {0.01, 0.2, 0.5}) {
            double mean = 0;
            for (int i = 0; i <= 12; i++) {
                for (int j = 0; j <= 8; j++) {
                    double evidence = RateTest.above(bound).next(i, 12).next(j, 8).logEvidence();
                    mean += binomial(12, i, bound) * binomial(8, j, bound) * Math.exp(evidence);
                }
            }
            assertThat(mean).as("bound %s", bound).isEqualTo(1, within(1e-9));
        }
    }

    @Test
    void theEvidenceAgainstARatioIsOneOnAverageWhateverTheRates() {
        for (double slack : new double[] {1, 1.2}) {
            double mean = 0;
            double all = 0;
            for (int i = 0; i <= 5; i++) { // 5 events of 7 there and 30 here
                double chance = choose(7, i) * choose(30, 5 - i) * Math.pow(slack, i);
                for (int j = 0; j <= 3; j++) {
                    double then = choose(9, j) * choose(9, 3 - j) * Math.pow(slack, j);
                    double evidence =
                            RatioTest.above(slack)
                                    .next(new Seen(i, 7), new Seen(5 - i, 30))
                                    .next(new Seen(j, 9), new Seen(3 - j, 9))
                                    .logEvidence();
                    mean += chance * then * Math.exp(evidence);
                    all += chance * then;
                }
            }
            assertThat(mean / all).as("slack %s", slack).isEqualTo(1, within(1e-9));
        }
    }

    @Test
    void theEvidenceAgainstASplitIsOneOnAverage() {
        double mean = 0;
        for (int i = 0; i <= 60; i++) {
            mean += binomial(60, i, 0.05) * Math.exp(SplitTest.logEvidence(i, 60 - i, 0.05));
        }
        assertThat(mean).isEqualTo(1, within(1e-9));
        assertThat(SplitTest.logEvidence(900, 9_100, 0.05)).isGreaterThan(Math.log(1e6));
    }

    @Test
    void lookingAtEveryRequestFindsNothingWhereNothingIs() {
        int alarms = 0;
        for (int stream = 0; stream < STREAMS; stream++) {
            SplittableRandom random = new SplittableRandom(stream);
            RateTest rate = RateTest.above(0.05);
            RatioTest ratio = RatioTest.above(1);
            double highest = 0;
            for (int i = 0; i < 500; i++) {
                rate = rate.next(random.nextDouble() < 0.05 ? 1 : 0, 1);
                ratio =
                        ratio.next(
                                new Seen(random.nextDouble() < 0.05 ? 1 : 0, 1),
                                new Seen(random.nextDouble() < 0.05 ? 1 : 0, 1));
                highest = Math.max(highest, Math.max(rate.logEvidence(), ratio.logEvidence()));
            }
            alarms += highest >= Math.log(1 / 0.005) ? 1 : 0;
        }
        // two tests of 0.005 each: 1 %, and three standard deviations above it
        assertThat(alarms).isLessThan((int) (0.01 * STREAMS + 3 * Math.sqrt(0.01 * STREAMS)));
    }

    @Test
    void whatBreaksAfterALongGoodTimeIsFoundAsSoonAsWhatWasBrokenFromTheStart() {
        SplittableRandom random = new SplittableRandom(7);
        RateTest test = RateTest.above(0.01);
        for (int look = 0; look < 10_000; look++) {
            test = test.next(random.nextDouble() < 0.08 ? 1 : 0, 20);
        }
        int looks = 0;
        while (test.logEvidence() < Math.log(1_000)) {
            long errors = 0;
            for (int i = 0; i < 20; i++) {
                errors += random.nextDouble() < 0.1 ? 1 : 0;
            }
            test = test.next(errors, 20);
            looks++;
        }
        assertThat(looks).isLessThan(20);
    }

    @Test
    void aTestGoesOnFromWhereItWasWrittenDown() {
        RateTest rate = RateTest.above(0.01).next(3, 50).next(1, 20);
        RateTest resumed = RateTest.above(0.01).resumed(rate.json());
        assertThat(resumed.next(2, 9).logEvidence()).isEqualTo(rate.next(2, 9).logEvidence());
    }

    @Test
    void theIntervalHoldsTheShareAtAllTimes() {
        int missed = 0;
        for (int stream = 0; stream < STREAMS; stream++) {
            SplittableRandom random = new SplittableRandom(stream);
            long events = 0;
            boolean held = true;
            for (int i = 1; i <= 300 && held; i++) {
                events += random.nextDouble() < 0.3 ? 1 : 0;
                ShareInterval interval = ShareInterval.of(events, i, 0.05);
                held = interval.lower() <= 0.3 && 0.3 <= interval.upper();
            }
            missed += held ? 0 : 1;
        }
        assertThat(missed).isLessThan((int) (0.05 * STREAMS));
        ShareInterval none = ShareInterval.of(0, 0, 0.05);
        assertThat(none).isEqualTo(new ShareInterval(0, 1));
        ShareInterval many = ShareInterval.of(3_000, 10_000, 0.05);
        assertThat(many.lower()).isEqualTo(0.3, within(0.02)).isLessThan(0.3);
        assertThat(many.upper()).isEqualTo(0.3, within(0.02)).isGreaterThan(0.3);
    }

    @Test
    void theSureStabilityIndexIsZeroByChanceAndNearsTheIndexWithMoreRows() {
        long[] here = {1_000, 2_000, 3_000, 4_000};
        assertThat(StabilityBound.of(here, new long[] {98, 210, 290, 402}, 0.001)).isZero();
        double index =
                0.3 * Math.log(4) + 0.1 * Math.log(1.5) + 0.1 * Math.log(1.5) + 0.3 * Math.log(4);
        double before = 0;
        for (long rows : new long[] {100, 1_000, 10_000, 1_000_000}) {
            double sure =
                    StabilityBound.of(
                            new long[] {rows / 10, rows / 5, 3 * rows / 10, 4 * rows / 10},
                            new long[] {4 * rows / 10, 3 * rows / 10, rows / 5, rows / 10},
                            0.001);
            assertThat(sure).isBetween(before, index);
            before = sure;
        }
        assertThat(before).isEqualTo(index, within(0.05));
    }

    private static double binomial(int n, int k, double p) {
        return choose(n, k) * Math.pow(p, k) * Math.pow(1 - p, n - k);
    }

    private static double choose(int n, int k) {
        double ways = 1;
        for (int i = 0; i < k; i++) {
            ways = ways * (n - i) / (i + 1);
        }
        return k < 0 || k > n ? 0 : ways;
    }
}
