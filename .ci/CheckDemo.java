import com.fasterxml.jackson.jr.ob.JSON;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks the report of {@code ./demo --json}: calls were made, none failed, and traffic went away and came back. */
final class CheckDemo {
    private CheckDemo() {}

    public static void main(String[] args) throws Exception {
        Map<String, Object> report = JSON.std.mapFrom(Files.readString(Path.of(args[0])));
        List<String> wrong = new ArrayList<>();
        if (!(report.get("calls") instanceof Number calls && calls.longValue() > 0)) {
            wrong.add("calls: " + report.get("calls") + " (expected: > 0)");
        }
        if (!(report.get("failures") instanceof Number failures && failures.longValue() == 0)) {
            wrong.add("failures: " + report.get("failures") + " (expected: 0)");
        }
        List<String> switches = switchesOf(report);
        for (String expected : List.of("local -> clusterset", "clusterset -> local")) {
            if (!switches.contains(expected)) {
                wrong.add("switches: " + switches + " (expected: " + expected + " among them)");
            }
        }
        wrong.forEach(line -> System.err.println("demo: " + line));
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private static List<String> switchesOf(Map<String, Object> report) {
        List<String> switches = new ArrayList<>();
        if (report.get("switches") instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof Map<?, ?> change) {
                    switches.add(change.get("from") + " -> " + change.get("to"));
                }
            }
        }
        return switches;
    }
}
