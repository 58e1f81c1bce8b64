package io.clusterset.discovery.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one JSON text, strictly: what the standard does not allow is refused with the place where it stands. */
final class JsonReader {

    private static final int MAX_DEPTH = 64;
    private static final int SHOWN = 60;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern HEX = Pattern.compile("u[0-9a-fA-F]{4}");
    private static final Pattern WORD = Pattern.compile("[a-z]+");

    private final String text;
    private int at;
    private int depth;

    JsonReader(String text) {
        this.text = text;
    }

    /** The beginning of a text, for messages. */
    static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    Json read() {
        Json value = value();
        if (next() != 0) {
            throw wrong("the end");
        }
        return value;
    }

    private Json value() {
        char first = next();
        if (first == '{') {
            return nested(this::object);
        }
        if (first == '[') {
            return nested(this::array);
        }
        if (first == '"') {
            return new Json.Str(string());
        }
        if (first == '-' || (first >= '0' && first <= '9')) {
            return new Json.Num(token(NUMBER, "a number"));
        }
        int start = at;
        Json.Word word = Json.Word.of(token(WORD, "a value"));
        if (word == null) {
            at = start;
            throw wrong("true, false or null");
        }
        return word;
    }

    /** Reads what is between brackets. */
    private interface Inner {
        Json read();
    }

    private Json nested(Inner inner) {
        if (depth == MAX_DEPTH) {
            throw wrong("at most " + MAX_DEPTH + " levels");
        }
        depth++;
        at++;
        Json value = inner.read();
        depth--;
        return value;
    }

    private Json object() {
        Map<String, Json> members = new LinkedHashMap<>();
        if (next() == '}') {
            at++;
            return new Json.Obj(members);
        }
        while (true) {
            int start = at;
            if (next() != '"') {
                throw wrong("a name");
            }
            String name = string();
            if (members.containsKey(name)) {
                at = start;
                throw wrong("each name once");
            }
            expect(':', "':'");
            members.put(name, value());
            if (next() == '}') {
                at++;
                return new Json.Obj(members);
            }
            expect(',', "',' or '}'");
        }
    }

    private Json array() {
        List<Json> items = new ArrayList<>();
        if (next() == ']') {
            at++;
            return new Json.Arr(items);
        }
        while (true) {
            items.add(value());
            if (next() == ']') {
                at++;
                return new Json.Arr(items);
            }
            expect(',', "',' or ']'");
        }
    }

    private String string() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c < 0x20) {
                throw wrong("an escape");
            }
            at++;
            value.append(c == '\\' ? escaped() : c);
        }
        throw wrong("'\"'");
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at) : 0;
        int simple = "\"\\/bfnrt".indexOf(c);
        if (c != 0 && simple >= 0) {
            at++;
            return "\"\\/\b\f\n\r\t".charAt(simple);
        }
        if (c != 'u' || !HEX.matcher(text).region(at, text.length()).lookingAt()) {
            throw wrong("an escape of JSON");
        }
        at += 5;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private String token(Pattern pattern, String what) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw wrong(what);
        }
        at = matcher.end();
        return matcher.group();
    }

    private void expect(char wanted, String what) {
        if (next() != wanted) {
            throw wrong(what);
        }
        at++;
    }

    /** The next character that is no space, not taken yet; 0 at the end. */
    private char next() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private IllegalArgumentException wrong(String expected) {
        String found = at < text.length() ? shown(text.substring(at)) : "the end";
        return new IllegalArgumentException("JSON at " + at + ": " + found + " (expected: " + expected + ")");
    }
}
