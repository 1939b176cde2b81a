package dev.weir.ml.data.expect;

import dev.weir.base.config.ConfigNode;
import dev.weir.base.problem.Problem;
import dev.weir.ml.stats.drift.DistanceScale;
import dev.weir.ml.stats.drift.DriftLimits;
import dev.weir.ml.stats.drift.DriftLimits.Method;
import dev.weir.ml.stats.drift.MultipleTests;

import java.util.Arrays;
import java.util.Optional;

/** Turns what the YAML of a suite says of drift into limits and terms. */
final class DriftReader {
    private DriftReader() {}

    static DriftLimits limits(ConfigNode yaml) {
        Method method = yaml.at("method").flatMap(m -> Method.of(m.text())).orElse(Method.AUTO);
        Optional<Double> warn = yaml.at("warn").map(ConfigNode::number);
        Optional<Double> fail = yaml.at("fail").map(ConfigNode::number);
        boolean neither = warn.isEmpty() && fail.isEmpty();
        double fails =
                neither ? DriftLimits.STANDARD.fail() : fail.orElse(Double.POSITIVE_INFINITY);
        double warns = neither ? DriftLimits.STANDARD.warn() : warn.orElse(fails);
        if (warns > fails) {
            throw Problem.input(
                            "expectations.bounds",
                            "%s: %s (expected: at most %s, as fail)"
                                    .formatted(
                                            yaml.need("warn").path(),
                                            yaml.need("warn").text(),
                                            yaml.need("fail").text()))
                    .at(yaml.need("warn").place())
                    .exception();
        }
        boolean iqr = yaml.at("normalise").filter(n -> n.text().equals("iqr")).isPresent();
        return new DriftLimits(
                method,
                warns,
                fails,
                yaml.at("unseen_fraction").map(ConfigNode::number).orElse(Double.NaN),
                new DistanceScale(
                        iqr ? DistanceScale.By.IQR : DistanceScale.By.STD,
                        yaml.at("clip").filter(ConfigNode::flag).isPresent()));
    }

    static DriftTerms terms(ConfigNode drift) {
        MultipleTests correction =
                drift.at("correction")
                        .flatMap(
                                c ->
                                        Arrays.stream(MultipleTests.values())
                                                .filter(m -> m.word().equals(c.text()))
                                                .findFirst())
                        .orElse(DriftTerms.STANDARD.correction());
        double alpha =
                drift.at("alpha").map(ConfigNode::number).orElse(DriftTerms.STANDARD.alpha());
        ConfigNode baseline = drift.at("baseline").orElse(null);
        if (baseline == null || baseline.text().equals("accepted")) {
            return new DriftTerms(null, null, correction, alpha);
        }
        DriftTerms named =
                DriftTerms.of(baseline.text())
                        .orElseThrow(() -> baseline.expected("accepted, " + DriftTerms.EXPECTED));
        return new DriftTerms(named.dataset(), named.version(), correction, alpha);
    }
}
