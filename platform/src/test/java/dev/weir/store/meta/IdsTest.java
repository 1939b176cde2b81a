package dev.weir.store.meta;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

class IdsTest {
    private static final Clock STANDING =
            Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);

    @Test
    void idsAreUniqueAndSortedAsTheyWereGivenEvenWhereTheClockStands() {
        Ids ids = Ids.of(STANDING);
        List<String> given = Stream.generate(ids::next).limit(100_000).toList();
        assertThat(given)
                .doesNotHaveDuplicates()
                .isSorted()
                .allMatch(id -> id.matches("[0-9a-f]{32}"));
    }

    @Test
    void theFirstTwelveDigitsAreTheTime() {
        String id = Ids.of(STANDING).next();
        assertThat(Long.parseLong(id.substring(0, 12), 16)).isEqualTo(STANDING.millis());
    }

    @Test
    void theSameSeedGivesTheSameIds() {
        assertThat(Ids.seeded(STANDING, 7).next()).isEqualTo(Ids.seeded(STANDING, 7).next());
        assertThat(Ids.seeded(STANDING, 7).next()).isNotEqualTo(Ids.seeded(STANDING, 8).next());
    }
}
