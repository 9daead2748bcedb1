package io.certcourier.certificate;

/** The canonical text of an IPv6 address (RFC 5952), which the JDK does not write. */
final class Ipv6 {

    private static final int GROUPS = 8;

    private Ipv6() {
    }

    /**
     * Lower case, no leading zeros, the first longest run of two or more zero groups as {@code ::}.
     *
     * @param address 16 bytes
     */
    static String text(byte[] address) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
        }
        int gapStart = -1;
        int gapLength = 1; // a single zero group is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zerosFrom(groups, i);
            if (zeros > gapLength) {
                gapStart = i;
                gapLength = zeros;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static int zerosFrom(int[] groups, int start) {
        int end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - start;
    }
}
