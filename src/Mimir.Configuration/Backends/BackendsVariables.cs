using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Backends;

/// <summary>
/// The environment variables that go with a backends file. They are read only when there is one, the file beats them, and one
/// that is set but empty counts as not set. A bad value is an error that names the variable and does not show the value.
/// </summary>
/// <param name="environment">Where they are looked up.</param>
/// <param name="values">Reads them.</param>
/// <param name="issues">Told what is wrong.</param>
internal sealed class BackendsVariables(IEnvironment environment, ValueReader values, IssueList issues)
{
    private static readonly ConfigMark Place = ConfigMark.Whole("the environment");

    private static readonly KeySpec CacheTtl = new("MCP_CACHE_TTL", KeyType.Count, "") { Max = 31_536_000 };

    private static readonly KeySpec ServerName = new("MCP_SERVER_NAME", KeyType.Text, "") { Min = 1, Max = 128, Example = "\"mcp-router\"" };

    private static readonly KeySpec ListenPort = new("MCP_PORT", KeyType.Count, "") { Max = 65_535 };

    /// <summary>Reads what holds for the configuration.</summary>
    public BackendsDefaults Read()
    {
        // Lists are kept up to date by what servers say, so a time has nothing to do; a misspelled one is told all the same.
        Check("MCP_CACHE_TTL", CacheTtl, values.Count);
        return new BackendsDefaults
        {
            Strategy = Strategy(),
            CallTimeout = Check("MCP_REQUEST_TIMEOUT", ServerKeys.Table.Find("callTimeout")!, values.Duration),
            HealthInterval = Check("MCP_HEALTH_CHECK_INTERVAL", HealthKeys.Table.Find("interval")!, values.Duration),
            HealthTimeout = Check("MCP_HEALTH_CHECK_TIMEOUT", HealthKeys.Table.Find("timeout")!, values.Duration),
            MaxRetries = Check("MCP_MAX_RETRIES", RetryKeys.Table.Find("maxRetries")!, values.Count),
            Multiplier = Check("MCP_RETRY_BACKOFF", RetryKeys.Table.Find("multiplier")!, values.Number),
            MaxBackoff = Check("MCP_MAX_BACKOFF", RetryKeys.Table.Find("maxBackoff")!, values.Duration),
            Prefix = Prefix(),
        };
    }

    /// <summary>Reads what holds for who serves it.</summary>
    /// <param name="use">What is known of the file so far.</param>
    public BackendsUse Read(BackendsUse use)
    {
        var port = Find(ListenPort.Name) is { } node ? values.Count(ListenPort, node) : default;
        return use with
        {
            Host = environment.Get("MCP_HOST") is { Length: > 0 } host ? host : null,
            Port = port.HasValue ? port.Value : null,
            ServerName = Name(),
        };
    }

    private string? Name()
    {
        if (Find(ServerName.Name) is not { } node || values.Text(ServerName, node) is not { HasValue: true } name)
        {
            return null;
        }

        if (name.Value.Any(char.IsControl))
        {
            issues.Error(node, "holds a control character", "Write a name in one line");
            return null;
        }

        return name.Value;
    }

    private static ConfigNode At(string name, string text) => ConfigNode.Scalar(ConfigKind.String, Place, KeyPath.Top.Member(name), text);

    /// <summary>A variable as a string that holds it: so its value is read, bounded and kept out of messages as in a file.</summary>
    private ConfigNode? Find(string name) => environment.Get(name) is { Length: > 0 } ? At(name, $"${{{name}}}") : null;

    private ConfigNode? Check<T>(string name, KeySpec spec, Func<KeySpec, ConfigNode, Setting<T>> read) =>
        Find(name) is { } node && read(spec, node).HasValue ? node : null;

    private ConfigNode? Strategy() =>
        Find("MCP_DEFAULT_STRATEGY") is { } node && values.Choice(RoutingKeys.Table.Find("default_strategy")!, node) is { HasValue: true } strategy
            ? BackendsTree.Text(node, strategy.Value)
            : null;

    private ConfigNode? Prefix()
    {
        const string Name = "MCP_ENABLE_NAMESPACES";
        switch (environment.Get(Name)?.ToLowerInvariant())
        {
            case null or "":
                return null;
            case "true" or "1" or "yes" or "on":
                return At(Name, "always");
            case "false" or "0" or "no" or "off":
                return At(Name, "never");
            default:
                issues.Error(Place, KeyPath.Top.Member(Name), "is neither true nor false", "Set it to true or false, or unset it");
                return null;
        }
    }
}
