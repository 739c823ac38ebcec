namespace Mimir.Configuration.Keys;

/// <summary>The keys of <c>plugin.toml</c>.</summary>
public static class PluginKeys
{
    private const string Unenforced = "Servers are not confined yet, and this key asks for it: remove it, or name the plugin under plugins.unconfined in mimir.json if it may run unconfined";

    /// <summary>Who the plugin is.</summary>
    public static KeyTable Identity { get; } = new("[plugin]", "[plugin]", [
        new("name", KeyType.Text, "Its name, which stands before the names of its tools: a small letter, then at most 63 small letters, digits, underscores and hyphens.")
        { Min = 1, Max = 64, Pattern = "^[a-z][a-z0-9_-]{0,63}$", Example = "\"echo\"" },
        new("version", KeyType.Text, "Its version, shown to people.")
        { Min = 1, Max = 64, Example = "\"1.0.0\"" },
        new("description", KeyType.Text, "What it is for, shown to people and models.")
        { Max = 1000, Example = "\"Two tools: echo and reverse.\"" },
        new("enabled", KeyType.Flag, "Whether it is run.")
        { Default = "true", Example = "true" },
    ])
    { Definition = "plugin" };

    /// <summary>How it is started.</summary>
    public static KeyTable Runtime { get; } = new("[runtime]", "[runtime]", [
        new("entry", KeyType.Text, "A script or program in the plugin's folder. .py is run by Python, .js, .mjs and .cjs by node, anything else by itself.")
        { Min = 1, Max = 1024, Example = "\"server.py\"" },
        new("command", KeyType.Text, "The program to start instead of entry: one program, no shell. It runs in the plugin's folder.")
        { Min = 1, Max = 4096, Example = "\"uvx\"" },
        new("args", KeyType.TextList, "Its arguments, passed as they are. {plugin_dir} in one stands for the full path of the plugin's folder.")
        { Default = "[]", Max = 1024, Example = """["--directory", "{plugin_dir}"]""" },
        new("env", KeyType.TextMap, "Environment variables for it. {hosts:FILTER} and {services:FILTER} stand for what the inventory holds, as JSON; {hosts:FILTER:FIELD} for one field of each, separated by commas.")
        { Default = "{}", Max = 256, Example = """{ NODES = "{hosts:type=proxmox:address}" }""" },
        new("python", KeyType.Text, "The versions of Python that entry runs with, as uv takes them.")
        { Min = 1, Max = 256, Example = "\">=3.11\"" },
        new("deps", KeyType.TextList, "Python packages that entry needs. uv brings them.")
        { Default = "[]", Max = 256, Example = """["httpx>=0.28"]""" },
        new("venv", KeyType.Text, "Where Python and its packages are: auto (uv, or the .venv of the folder, or the system's), or the path of an environment.")
        { Default = "\"auto\"", Min = 1, Max = 1024, Example = "\".venv\"" },
    ])
    { Definition = "runtime" };

    /// <summary>What it may have.</summary>
    public static KeyTable Security { get; } = new("[security]", "[security]", [
        new("credential_refs", KeyType.TextList, "Secrets that it gets as environment variables under their own names: names, or patterns with * and ?.")
        { Aliases = ["credentialRefs"], Default = "[]", Max = 256, Example = """["PROXMOX_*"]""" },
        new("inventory_access", KeyType.TextList, "What of the inventory it may be given: hosts or services, all of them or those of a type, tag or name.")
        { Aliases = ["inventoryAccess"], Default = "[]", Max = 64, Example = """["hosts:type=proxmox"]""" },
        new("network_dynamic", KeyType.Flag, Unenforced) { Example = "false" },
        new("filesystem_read", KeyType.TextList, Unenforced) { Max = 256, Example = "[]" },
        new("filesystem_write", KeyType.TextList, Unenforced) { Max = 256, Example = "[]" },
        new("exec", KeyType.TextList, Unenforced) { Max = 256, Example = "[]" },
        new("allow_mutations", KeyType.Flag, "") { Use = KeyUse.Ignored, Instead = "Deny tools that change something under [tools] blacklist: Mimir does not know which do" },
    ])
    { Definition = "security" };

    /// <summary>Hosts it cannot do without.</summary>
    public static KeyTable HostNeed { get; } = new("[[requires.hosts]]", "[[requires.hosts]]", [
        new("type", KeyType.Text, "The type of the hosts.")
        { Min = 1, Max = 64, Example = "\"proxmox\"" },
        new("tag", KeyType.Text, "A tag that they have.")
        { Min = 1, Max = 64, Example = "\"prod\"" },
        new("min", KeyType.Count, "How many there must be.")
        { Default = "1", Min = 1, Max = 1000, Example = "1" },
        new("prompt", KeyType.Text, "What to ask the operator for.")
        { Max = 4000, Example = "\"Which Proxmox node shall I use?\"" },
    ])
    { Definition = "hostNeed" };

    /// <summary>Secrets it cannot do without.</summary>
    public static KeyTable CredentialNeed { get; } = new("[[requires.credentials]]", "[[requires.credentials]]", [
        new("pattern", KeyType.Text, "The name of the secret, or a pattern that at least one must match.")
        { Min = 1, Max = 128, Example = "\"PROXMOX_*\"" },
        new("prompt", KeyType.Text, "What to ask the operator for.")
        { Max = 4000, Example = "\"The API token of the node.\"" },
    ])
    { Definition = "credentialNeed" };

    /// <summary>What it cannot do without.</summary>
    public static KeyTable Requires { get; } = new("[requires]", "[requires]", [
        new("hosts", KeyType.GroupList, "Hosts of the inventory.")
        { Group = HostNeed, Default = "[]", Max = 64, Example = """[{ type = "proxmox" }]""" },
        new("credentials", KeyType.GroupList, "Secrets.")
        { Group = CredentialNeed, Default = "[]", Max = 64, Example = """[{ pattern = "PROXMOX_*" }]""" },
    ])
    { Definition = "requires" };

    /// <summary>Which of its tools are offered.</summary>
    public static KeyTable Tools { get; } = new("[tools]", "[tools]", [
        new("whitelist", KeyType.TextList, "Its tools that are offered, by its own names or patterns. Empty for all.")
        { Default = "[]", Max = 1024, Example = """["list_*"]""" },
        new("blacklist", KeyType.TextList, "Its tools that are not offered, whitelisted or not.")
        { Default = "[]", Max = 1024, Example = """["delete_*"]""" },
    ])
    { Definition = "tools" };

    /// <summary>The rows at the top.</summary>
    public static KeyTable Table { get; } = new("plugin.toml", "", [
        new("plugin", KeyType.Group, "Who the plugin is.") { Group = Identity, Example = """{ name = "echo", version = "1.0.0" }""" },
        new("runtime", KeyType.Group, "How it is started: by entry or by command.") { Group = Runtime, Example = """{ entry = "server.py" }""" },
        new("security", KeyType.Group, "What it may have. Required unless plugins.strictManifest is false.") { Group = Security, Example = """{ credential_refs = [] }""" },
        new("requires", KeyType.Group, "What it cannot do without. Until it is there the plugin is not started.") { Group = Requires, Example = """{ hosts = [{ type = "proxmox" }] }""" },
        new("tools", KeyType.Group, "Which of its tools are offered.") { Group = Tools, Example = """{ blacklist = ["delete_*"] }""" },
    ]);

    /// <summary>All tables.</summary>
    internal static IReadOnlyList<KeyTable> All { get; } = [Table, Identity, Runtime, Security, Requires, HostNeed, CredentialNeed, Tools];
}
