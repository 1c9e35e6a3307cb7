package dev.pointsman.classify;

import java.util.regex.Pattern;

/**
 * A pattern for calling classes and methods, such as {@code com.acme.billing.*}. Segments are
 * separated by dots; {@code *} stands for one segment or a part of one, {@code **} for any number.
 * It matches a caller {@code com.acme.billing.Invoices.send} if it matches the class {@code
 * com.acme.billing.Invoices} or the whole name.
 */
final class CallerPattern {

    private final Pattern pattern;

    CallerPattern(String text) {
        StringBuilder regex = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            if (text.startsWith("**", from)) {
                regex.append(".*");
                from += 2;
            } else if (text.charAt(from) == '*') {
                regex.append("[^.]*");
                from++;
            } else {
                int star = text.indexOf('*', from);
                int to = star < 0 ? text.length() : star;
                regex.append(Pattern.quote(text.substring(from, to)));
                from = to;
            }
        }
        this.pattern = Pattern.compile(regex.toString());
    }

    boolean matches(String caller) {
        int dot = caller.lastIndexOf('.');
        return pattern.matcher(caller).matches()
                || (dot > 0 && pattern.matcher(caller.substring(0, dot)).matches());
    }
}
