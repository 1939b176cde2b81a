package dev.weir.cli;

import dev.weir.base.problem.Problem;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Moments as people write them: {@code 2026-11-17}, {@code 2026-11-17T08:00:00Z}, {@code 7d} (so
 * long ago), {@code today}, {@code yesterday}, {@code Tuesday} or {@code last Tuesday} (the last
 * one before today). A day begins at midnight where the person is.
 */
final class Days {
    private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([mhdw])( ago)?");
    private static final int SHORTEST = 3;

    private final Clock clock;
    private final ZoneId zone;

    Days(Clock clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
    }

    /**
     * A span of time.
     *
     * @param end exclusive
     */
    record Span(Instant start, Instant end) {}

    /**
     * The moment that is meant; of a day its beginning.
     *
     * @throws dev.weir.base.problem.ProblemException where it is none of these
     */
    Instant moment(String text) {
        return span(text).start();
    }

    /** The day that is meant, or the moment, which lasts a microsecond. */
    Span span(String text) {
        String words = text.strip().toLowerCase(Locale.ROOT);
        Matcher ago = AGO.matcher(words);
        if (ago.matches()) {
            return at(clock.instant().minus(length(Long.parseLong(ago.group(1)), ago.group(2))));
        }
        return day(words).map(this::of).orElseGet(() -> written(text.strip()));
    }

    private static Duration length(long count, String unit) {
        return switch (unit) {
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofDays(7 * count);
        };
    }

    private Optional<LocalDate> day(String words) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
        return switch (words) {
            case "today" -> Optional.of(today);
            case "yesterday" -> Optional.of(today.minusDays(1));
            default ->
                    weekday(words.replaceFirst("^last ", ""))
                            .map(day -> today.with(TemporalAdjusters.previous(day)));
        };
    }

    private static Optional<DayOfWeek> weekday(String word) {
        return word.length() < SHORTEST
                ? Optional.empty()
                : Stream.of(DayOfWeek.values())
                        .filter(day -> day.name().toLowerCase(Locale.ROOT).startsWith(word))
                        .findFirst();
    }

    private Span of(LocalDate day) {
        return new Span(
                day.atStartOfDay(zone).toInstant(), day.plusDays(1).atStartOfDay(zone).toInstant());
    }

    private static Span at(Instant moment) {
        return new Span(moment, moment.plusNanos(1_000));
    }

    private Span written(String text) {
        try {
            if (text.length() <= 10) {
                return of(LocalDate.parse(text));
            }
            return at(
                    text.endsWith("Z")
                            ? Instant.parse(text)
                            : LocalDateTime.parse(text).atZone(zone).toInstant());
        } catch (DateTimeException e) {
            throw Problem.input("day", text + " (expected: a day or a moment, such as 2026-11-17)")
                    .hint("Or 7d for seven days ago, yesterday, or the name of a weekday.")
                    .exception(e);
        }
    }
}
