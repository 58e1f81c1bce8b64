package io.clusterset.browser;

/**
 * What assistive technology is told of an element.
 *
 * @param role as ARIA calls it
 * @param name its accessible name
 * @param focused whether it has the keyboard's focus
 * @param node the browser's number of the element
 */
record Seen(String role, String name, boolean focused, int node) {

    static Seen of(Value node) {
        boolean focused = node.at("properties").list().stream()
                .anyMatch(property -> property.at("name").text().equals("focused")
                        && property.at("value", "value").truth());
        return new Seen(
                node.at("role", "value").text(), node.at("name", "value").text(), focused, (int)
                        node.at("backendDOMNodeId").number());
    }
}
