import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** {@code WhatFailed REPORT...}: the tests that failed in these reports of Surefire or Failsafe, one line each, 15 at most. */
final class WhatFailed {

    private static final int MOST_LINES = 15;
    private static final int LONGEST_MESSAGE = 300;

    private WhatFailed() {}

    public static void main(String[] args) throws Exception {
        List<String> failed = new ArrayList<>();
        for (String report : args) {
            try (InputStream in = Files.newInputStream(Path.of(report))) {
                addFailed(XMLInputFactory.newDefaultFactory().createXMLStreamReader(in), failed);
            } catch (XMLStreamException e) { // its JVM was ended under way
                failed.add(report + ": not a whole report");
            }
        }
        boolean all = failed.size() <= MOST_LINES;
        failed.stream().limit(all ? MOST_LINES : MOST_LINES - 1).forEach(System.out::println);
        if (!all) {
            System.out.println("and " + (failed.size() - MOST_LINES + 1) + " more");
        }
    }

    private static void addFailed(XMLStreamReader report, List<String> failed) throws XMLStreamException {
        String test = "";
        while (report.hasNext()) {
            if (report.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (report.getLocalName()) {
                case "testcase" -> test = nameOf(report);
                case "failure", "error" -> failed.add(test + ": " + messageOf(report));
                default -> {}
            }
        }
    }

    private static String nameOf(XMLStreamReader testcase) {
        String type = String.valueOf(testcase.getAttributeValue(null, "classname"));
        String test = String.valueOf(testcase.getAttributeValue(null, "name"));
        String simple = type.substring(type.lastIndexOf('.') + 1);
        return test.isEmpty() ? simple : simple + "." + test;
    }

    /** In one line: what AssertJ says begins with an empty one, and the next is only half of it. */
    private static String messageOf(XMLStreamReader failure) {
        String type = failure.getAttributeValue(null, "type");
        String message = failure.getAttributeValue(null, "message");
        String text = (message == null ? String.valueOf(type) : message).strip().replaceAll("\\s+", " ");
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "...";
    }
}
