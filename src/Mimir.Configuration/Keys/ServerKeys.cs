using System.Collections.Immutable;
using Mimir.Protocol.Revisions;

namespace Mimir.Configuration.Keys;

/// <summary>The keys of one server: its entry under <c>mcpServers</c>, or the whole of <c>servers/NAME.json</c>.</summary>
public static class ServerKeys
{
    private const string NotAsked = "Remove it: Mimir never asks before a call, that is the client's business";
    private const string ForPeople = "Remove it: Mimir shows nothing of it";

    /// <summary>The rows: what is read, then what other programs write there.</summary>
    public static KeyTable Table { get; } = new("a server", "mcpServers.NAME", [
        new("command", KeyType.Text, "The program to start: one program, no shell and no arguments. A path with a slash that is not absolute starts at cwd, or at the folder of the configuration.")
        { Min = 1, Max = 4096, Example = "\"npx\"" },
        new("args", KeyType.TextList, "Its arguments, each one item, passed as they are.")
        { Default = "[]", Max = 1024, Example = """["-y", "@modelcontextprotocol/server-memory"]""" },
        new("env", KeyType.TextMap, "Environment variables for it, besides the few every program needs (PATH, HOME, ...). Nothing else of Mimir's own environment is passed on.")
        { Default = "{}", Max = 1024, Example = """{ "API_KEY": "${secret:API_KEY}" }""" },
        new("credentialRefs", KeyType.TextList, "Secrets that it gets as environment variables under their own names: names, or patterns as in routes. No other server gets them for that. What env says of a name goes first.")
        { Aliases = ["credential_refs"], Default = "[]", Max = 256, Example = """["GITHUB_TOKEN", "JIRA_*"]""" },
        new("cwd", KeyType.Text, "Its working folder. A relative one starts at the folder of the configuration.")
        { Min = 1, Max = 4096, Example = "\"/srv\"" },
        new("url", KeyType.Text, "The address of a server that runs elsewhere: http or https, without user name, password and fragment.")
        { Aliases = ["serverUrl", "httpUrl"], Min = 1, Max = 8192, Example = "\"https://example.com/mcp\"" },
        new("app", KeyType.Text, "The name of an app on this machine that has an MCP server inside and announces it: it is reached where it says, and offered while it runs. In place of command and url.")
        { Min = 1, Max = 128, Example = "\"My Game\"" },
        new("headers", KeyType.TextMap, "Headers sent to it with every request.")
        { Default = "{}", Max = 64, Example = """{ "Authorization": "Bearer ${secret:TOKEN}" }""" },
        new("type", KeyType.Choice, "How it is reached: stdio with command, http (Streamable HTTP, or what it turns out to speak) or sse (HTTP+SSE only) with url. Found out when absent.")
        {
            Aliases = ["transport"],
            Choices = ["stdio", "http", "sse"],
            Spellings = [new("streamable-http", "http"), new("streamableHttp", "http"), new("streamable_http", "http")],
            Example = "\"http\"",
        },
        new("enabled", KeyType.Flag, "Whether it is offered at all.")
        { Aliases = ["isActive"], Default = "true", Example = "true" },
        new("disabled", KeyType.Flag, "The opposite of enabled, as some clients write it.")
        { Default = "false", Example = "false" },
        new("quarantine", KeyType.Text, "Why it is set aside: nothing of it runs, it is not listed, and calls are refused with these words. Absent, it is in service.")
        { Min = 1, Max = 500, Example = "\"its tools have changed\"" },
        new("prefix", KeyType.Text, "What stands before the names of its tools and prompts: a letter, then at most 31 letters, digits, underscores; no two servers the same, but all members of a cluster. Made from the name of the server or its cluster when absent.")
        { Min = 1, Max = 32, Pattern = "^[A-Za-z][A-Za-z0-9_]{0,31}$", Example = "\"files\"" },
        new("protocol", KeyType.Choice, "The revision to speak: auto finds out, a date pins one, sse speaks HTTP+SSE only.")
        { Choices = Protocols(), Default = "\"auto\"", Example = "\"auto\"" },
        new("startupTimeout", KeyType.Duration, "Longest wait from launch to a finished handshake.")
        { Default = "\"30s\"", Min = 100, Max = 3_600_000, Example = "\"30s\"" },
        new("callTimeout", KeyType.Duration, "Longest wait for the answer to one request. Progress starts the wait again, up to ten times its length.")
        { Default = "\"5m\"", Min = 100, Max = 86_400_000, Example = "\"5m\"" },
        new("sharing", KeyType.Choice, "Who shares a connection (for command: a process) to it: auto, all clients alike (shared), those that come in by the same namespace (principal), or each client session its own (session).")
        { Choices = ["auto", "shared", "principal", "session"], Default = "\"auto\"", Example = "\"auto\"" },
        new("resend", KeyType.Choice, "Which calls are sent again when the server is lost: unsent those that certainly did not run, idempotent also reads, and tools it declares read-only or idempotent.")
        { Default = "\"unsent\"", Choices = ["unsent", "idempotent"], Example = "\"unsent\"" },
        new("autostart", KeyType.Flag, "Whether it starts with Mimir and is started again whenever it has ended; otherwise it starts when it is first needed.")
        { Aliases = ["eager", "auto_start"], Default = "false", Example = "true" },
        new("idleTimeout", KeyType.Duration, "A command that nobody has used for this long is ended. Its tools stay in the list and the next call starts it. 0 for never.")
        { Default = "\"0s\"", Min = 0, Max = 604_800_000, Example = "\"15m\"" },
        new("maxStarts", KeyType.Count, "Most starts of a command within a minute that come to nothing. Then it has failed, and is tried again now and then.")
        { Default = "5", Min = 1, Max = 10_000, Example = "5" },
        new("cluster", KeyType.Text, "The cluster it is a member of: members stand for one another, and what several of them offer is listed once, under one prefix.")
        { Min = 1, Max = 64, Example = "\"search\"" },
        new("priority", KeyType.Count, "A LOWER number is served first: members with a higher one get calls when none with a lower one can take them.")
        { Default = "10", Max = 1_000_000, Example = "10" },
        new("routes", KeyType.GroupList, "Which of its names it takes, and how: the first item whose pattern matches decides, and what none matches it does not take. Empty for all that it lists.")
        { Group = RouteKeys.Table, Default = "[]", Max = 256, Example = """[{ "pattern": "fetch_*", "strategy": "path" }]""" },
        new("healthCheck", KeyType.Group, "How it is asked whether it is well. Without it: not at all, unless others can take its calls.")
        { Aliases = ["health_check"], Group = HealthKeys.Table, Example = """{ "interval": "30s" }""" },
        new("circuitBreaker", KeyType.Group, "When it gets no calls for a while because they fail. Without it: never, unless others can take its calls.")
        { Aliases = ["circuit_breaker"], Group = BreakerKeys.Table, Example = """{ "failureThreshold": 5 }""" },
        new("attemptTimeout", KeyType.Duration, "Longest wait for one attempt of a call that does no harm if it runs twice; it is sent again after that, as long as callTimeout lasts. 0 for none.")
        { Aliases = ["attempt_timeout"], Default = "\"0s\"", Min = 0, Max = 86_400_000, Example = "\"10s\"" },
        new("idempotent", KeyType.TextList, "Tools, by the server's own names, that do no harm if they run twice although the server does not say so: patterns as in routes. With resend idempotent only.")
        { Default = "[]", Max = 256, Example = """["get_*"]""" },
        new("maxConcurrent", KeyType.Count, "Most calls it has open at a time; more wait in line.")
        { Aliases = ["max_concurrent"], Default = "32768", Min = 1, Max = 65_536, Example = "100" },
        new("maxQueued", KeyType.Count, "Most calls that wait in line for it; more are refused at once. While it is not there, as many more may wait as it may have open. Default: four times maxConcurrent, 16384 at most.")
        { Aliases = ["max_queued"], Min = 0, Max = 65_536, Example = "1024" },
        .. PermissionKeys.Rows,
        new("limits", KeyType.Group, "What its processes may use of the machine. With command only.")
        { Group = ServerLimitsKeys.Table, Example = """{ "memory": "512MiB", "processes": 200 }""" },
        new("$schema", KeyType.Text, "The address of this schema, for editors. Not read.") { Max = 4096, Example = "\"../mimir.server.schema.json\"" },

        Ignored("name", "The key before the entry is the name: remove it"),
        Ignored("title", ForPeople),
        Ignored("description", ForPeople),
        Ignored("icon", ForPeople),
        Ignored("icons", ForPeople),
        Ignored("provider", ForPeople),
        Ignored("version", ForPeople),
        Ignored("gallery", ForPeople),
        Ignored("autoApprove", NotAsked),
        Ignored("alwaysAllow", NotAsked),
        Ignored("trust", NotAsked),
        Ignored("timeout", "Clients differ about its unit: write callTimeout, e.g. \"60s\""),

        Refused("envFile", "No file of a server's own is read: keep its secrets with mimir secret set NAME and name them under credentialRefs, and write the rest under env"),
        Refused("oauth", "Signing in to servers is not possible yet: write a token under headers, e.g. \"Authorization\": \"Bearer ${secret:TOKEN}\""),
        Refused("auth", "Signing in to servers is not possible yet: write a token under headers, e.g. \"Authorization\": \"Bearer ${secret:TOKEN}\""),
        Refused("sandbox", "Servers are not confined yet, and this key asks for it: remove it only if the server may run unconfined"),
        Refused("mcpServers", "This is the place of one server: write its command or url here, without mcpServers and name around it"),
    ]);

    private static ImmutableArray<string> Protocols()
    {
        var words = ImmutableArray.CreateBuilder<string>();
        words.Add("auto");
        foreach (var revision in Revision.All)
        {
            words.Add(revision.Name);
        }

        words.Add("sse");
        return words.DrainToImmutable();
    }

    private static KeySpec Ignored(string name, string instead) => new(name, KeyType.Text, "") { Use = KeyUse.Ignored, Instead = instead };

    private static KeySpec Refused(string name, string instead) => new(name, KeyType.Text, "") { Use = KeyUse.Refused, Instead = instead };
}
