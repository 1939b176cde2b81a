package dev.weir.server.mlflow;

/**
 * Names for runs that their client gave none: {@code brave-otter-123}, always the same for an id.
 */
final class RunNames {
    private static final String[] ADJECTIVES =
            ("able amused bold brave bright calm capable chill clean clever crisp deft eager fair"
                            + " fast fine fleet fond glad grand handsome honest humble jolly keen"
                            + " kind learned likeable lively loud mellow merry neat nimble orderly"
                            + " polite proud quick quiet rare salty serious silent sincere smooth"
                            + " spry stately steady stoic swift tasteful thoughtful tidy unique"
                            + " upbeat valiant vivid warm wise witty worthy zealous")
                    .split(" ");
    private static final String[] ANIMALS =
            ("ant auk bass bear bee bird boar bug calf carp cat chimp cod colt crab crane crow cub"
                            + " deer doe dog dolphin dove duck elk fawn finch fish flea fly foal"
                            + " fowl fox frog gnat goat goose grouse gull hare hawk hen hog horse"
                            + " hound jay kite koi lamb lark loon lynx mare midge mink mole moose"
                            + " moth mouse mule newt otter owl ox panda perch pig pug quail ram"
                            + " rat ray robin rook seal shad shark sheep shrew shrike slug smelt"
                            + " snail snake sow squid stag steed stoat stork swan toad trout"
                            + " turtle vole wasp whale wolf wren yak")
                    .split(" ");
    private static final int NUMBERS = 1_000;

    private RunNames() {}

    static String of(String runId) {
        long chance = 1125899906842597L;
        for (int i = 0; i < runId.length(); i++) {
            chance = 31 * chance + runId.charAt(i);
        }
        chance ^= chance >>> 29;
        long animal = Long.divideUnsigned(chance, ADJECTIVES.length);
        long number = Long.divideUnsigned(animal, ANIMALS.length);
        return ADJECTIVES[(int) Long.remainderUnsigned(chance, ADJECTIVES.length)]
                + "-"
                + ANIMALS[(int) Long.remainderUnsigned(animal, ANIMALS.length)]
                + "-"
                + Long.remainderUnsigned(number, NUMBERS);
    }
}
