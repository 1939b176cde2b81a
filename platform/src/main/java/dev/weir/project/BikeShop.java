package dev.weir.project;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The table of the demo: orders of a bike shop that does not exist, and whether the bike came back.
 * The same bytes on every machine. What decides a return is how far the frame is from one that fits
 * the rider, how long the delivery took, the discount, and whether anybody advised; the rest is
 * chance.
 */
final class BikeShop {
    /** The column that the demo predicts. */
    static final String TARGET = "returned";

    private static final int ORDERS = 5000;
    private static final int ORDERS_A_DAY = 9;
    private static final LocalDate OPENED = LocalDate.of(2024, 1, 2);
    private static final List<String> BIKES = List.of("city", "gravel", "kids", "mountain", "road");
    private static final int[] PRICES = {900, 2100, 350, 1900, 2600};
    private static final List<String> CHANNELS = List.of("app", "phone", "shop", "web");
    private static final double MISSING = 0.06;

    /** A frame's seat tube for a rider's height, in centimetres each. */
    private static final double FITS = 0.32;

    private final Random random;

    private BikeShop(long seed) {
        this.random = new Random(seed);
    }

    /** The table as CSV with a heading. */
    static String csv(long seed) {
        return new BikeShop(seed).orders();
    }

    private String orders() {
        StringBuilder csv =
                new StringBuilder(
                        "order_id,ordered_on,bike,frame_cm,rider_cm,price,discount,channel,advised,"
                                + "days,closed_as,returned\n");
        for (int i = 0; i < ORDERS; i++) {
            csv.append(order(i)).append('\n');
        }
        return csv.toString();
    }

    private String order(int number) {
        int kind = random.nextInt(BIKES.size());
        String bike = BIKES.get(kind);
        boolean kids = bike.equals("kids");
        long rider = Math.round((kids ? 128 : 173) + 9 * random.nextGaussian());
        long frame = Math.round(rider * FITS + 1.8 * random.nextGaussian());
        double price = Math.round(PRICES[kind] * (0.7 + 0.6 * random.nextDouble()));
        double discount = random.nextInt(3) == 0 ? 0.05 * (1 + random.nextInt(5)) : 0;
        String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
        boolean shop = channel.equals("shop");
        boolean advised = random.nextDouble() < (shop ? 0.8 : 0.25);
        int days = shop ? 0 : 1 + random.nextInt(12);
        double odds =
                -2.9
                        + 1.1 * Math.max(0, Math.abs(frame - rider * FITS) - 1)
                        + 0.22 * days
                        + 6 * discount
                        - (advised ? 1.6 : 0)
                        + (kids ? -0.9 : 0);
        boolean returned = random.nextDouble() < 1 / (1 + StrictMath.exp(-odds));
        return String.format(
                Locale.ROOT,
                "B%05d,%s,%s,%d,%s,%.0f,%.2f,%s,%s,%s,%s,%s",
                number + 1,
                OPENED.plusDays(number / ORDERS_A_DAY),
                bike,
                frame,
                sometimes(rider),
                price,
                discount,
                channel,
                advised ? "yes" : "no",
                sometimes(days),
                returned ? "refunded" : "paid",
                returned ? "yes" : "no");
    }

    /** Not every form is filled in. */
    private String sometimes(long value) {
        return random.nextDouble() < MISSING ? "" : Long.toString(value);
    }
}
