package io.clusterset.discovery.kubernetes;

/**
 * Compares resource versions: as numbers where both are (KEP-5504 makes all of them numbers), else only whether they differ.
 *
 * @see <a href="https://github.com/kubernetes/enhancements/issues/5504">KEP-5504</a>
 */
final class Versions {

    private Versions() {}

    /** Whether the one is newer than the other; of two that can't be compared, any other one is. */
    static boolean newer(String one, String other) {
        if (!comparable(one, other)) {
            return !one.equals(other);
        }
        return compare(one, other) > 0;
    }

    /** Whether both are numbers. */
    static boolean comparable(String one, String other) {
        return isNumber(one) && isNumber(other);
    }

    /** The newer one, as far as can be told; the other where it is all there is. */
    static String newest(String one, String other) {
        return other.isEmpty() || (comparable(one, other) && newer(one, other)) ? one : other;
    }

    private static int compare(String one, String other) {
        String left = withoutZeros(one);
        String right = withoutZeros(other);
        return left.length() != right.length() ? Integer.compare(left.length(), right.length()) : left.compareTo(right);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String withoutZeros(String digits) {
        int first = 0;
        while (first < digits.length() - 1 && digits.charAt(first) == '0') {
            first++;
        }
        return digits.substring(first);
    }
}
