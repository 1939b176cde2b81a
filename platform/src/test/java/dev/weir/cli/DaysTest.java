package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.problem.ProblemException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** Seen from Zurich on Wednesday the 25th of November 2026, a little after noon. */
class DaysTest {
    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
    private final Days days =
            new Days(Clock.fixed(Instant.parse("2026-11-25T11:30:00Z"), ZURICH), ZURICH);

    @ParameterizedTest
    @CsvSource({
        "2026-11-01, 2026-10-31T23:00:00Z, PT24H",
        "2026-10-25, 2026-10-24T22:00:00Z, PT25H", // the day on which summer time ends
        "today, 2026-11-24T23:00:00Z, PT24H",
        "Yesterday, 2026-11-23T23:00:00Z, PT24H",
        "tuesday, 2026-11-23T23:00:00Z, PT24H",
        "last Tuesday, 2026-11-23T23:00:00Z, PT24H",
        "Wed, 2026-11-17T23:00:00Z, PT24H", // today is none: the last one before it
        "last friday, 2026-11-19T23:00:00Z, PT24H",
        "7d, 2026-11-18T11:30:00Z, PT0.000001S",
        "36h, 2026-11-23T23:30:00Z, PT0.000001S",
        "2w ago, 2026-11-11T11:30:00Z, PT0.000001S",
        "2026-11-17T08:00:00Z, 2026-11-17T08:00:00Z, PT0.000001S",
        "2026-11-17T08:00, 2026-11-17T07:00:00Z, PT0.000001S"
    })
    void readsDaysAsPeopleSayThem(String text, Instant start, Duration length) {
        Days.Span span = days.span(text);
        assertThat(span.start()).isEqualTo(start);
        assertThat(Duration.between(span.start(), span.end())).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "tu", "last year", "2026-13-01", "7x", "2026-11-17T25:00"})
    void refusesWhatIsNoDay(String text) {
        assertThatThrownBy(() -> days.moment(text))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("expected: a day or a moment");
    }
}
