namespace Mimir.Configuration.Keys;

/// <summary>The keys of one item of <c>backends</c>: those of the file's own, and those of a server that have no other meaning here.</summary>
public static class BackendKeys
{
    /// <summary>The rows.</summary>
    public static KeyTable Table { get; } = new("a backend", "backends[]", [
        new("name", KeyType.Text, "Its name, as that of a server.")
        { Min = 1, Max = 64, Example = "\"database\"" },
        new("namespace", KeyType.Text, "What stands before the names of its tools and prompts. Backends of one namespace are a cluster of that name.")
        { Min = 1, Max = 64, Example = "\"db\"" },
        new("source", KeyType.Text, "The same as url, for an address. What is to be installed first is not taken: write command.")
        { Min = 1, Max = 8192, Example = "\"http://localhost:8001\"" },
        new("port", KeyType.Count, "")
        { Use = KeyUse.Ignored, Instead = "Remove it: a port stands in url, and a command is spoken to over its stdin and stdout" },
        new("prefix", KeyType.Text, "")
        { Use = KeyUse.Refused, Instead = "Write namespace" },
        new("cluster", KeyType.Text, "")
        { Use = KeyUse.Refused, Instead = "Write the same namespace in all backends that stand for one another" },
        .. ServerKeys.Table.Keys.Where(spec => spec.Name is not ("name" or "prefix" or "cluster" or "$schema")),
    ])
    { Definition = "backend" };
}
