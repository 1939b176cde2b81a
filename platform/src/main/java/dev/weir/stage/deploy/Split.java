package dev.weir.stage.deploy;

/** Where a key stands between 0 and 1: the same key always at the same place. */
final class Split {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Split() {}

    /**
     * FNV-1a over salt, a separator and key, finished by the mixer of MurmurHash3 (fmix64), of
     * which the upper 53 bits are taken: uniform, and with another salt another order.
     */
    static double place(String salt, String key) {
        long hash = fnv(fnv(FNV_OFFSET, salt) * FNV_PRIME, key);
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return ((hash ^ hash >>> 33) >>> 11) * 0x1p-53;
    }

    private static long fnv(long hash, String text) {
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
