using System.Net;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Schema;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests;

/// <summary>Samples load, and the guide says what the list of keys says.</summary>
public sealed class DocumentTests
{
    public static TheoryData<string> Samples =>
        [.. Directory.GetDirectories(Repository.At("samples")).Where(folder => File.Exists(Path.Combine(folder, "mimir.json"))).Select(folder => Path.GetFileName(folder)!)];

    public static TheoryData<string, string> EveryKey
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var table in RouterKeys.All)
            {
                foreach (var spec in table.Keys)
                {
                    data.Add(table.Owner, spec.Name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Sample_Loaded_IsWithoutIssues(string name)
    {
        using var w = new Workspace();

        var model = Expect.Clean(w.Load(Repository.At($"samples/{name}")));

        Assert.NotEmpty(model.Servers);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Sample_Checked_FitsTheSchema(string name)
    {
        var schema = MiniSchema.Parse(ConfigSchema.Router());
        var folder = Repository.At($"samples/{name}");

        Assert.True(schema.Accepts(File.ReadAllText(Path.Combine(folder, "mimir.json"))));
        foreach (var file in Directory.Exists(Path.Combine(folder, "servers")) ? Directory.GetFiles(Path.Combine(folder, "servers")) : [])
        {
            Assert.True(schema.AcceptsAs("server", File.ReadAllText(file)));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Sample_Schema_IsFound(string name)
    {
        var folder = Repository.At($"samples/{name}");
        foreach (var file in Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            var line = File.ReadLines(file).Single(l => l.Contains("\"$schema\"", StringComparison.Ordinal));
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, line.Split('"')[3])), file);
        }
    }

    [Fact]
    public void CompleteSample_HoldsEveryLimitAndNamingKey()
    {
        var text = File.ReadAllText(Repository.At("samples/complete/mimir.json"));
        foreach (var name in RouterKeys.All.SelectMany(table => table.ReadNames))
        {
            Assert.Contains($"\"{name}\"", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(EveryKey))]
    public void Guide_EveryKey_HasARowWithDefaultAndBounds(string owner, string name)
    {
        var spec = RouterKeys.All.Single(table => table.Owner == owner).Find(name)!;
        Assert.Contains(Rows("configuration.md", name), row => IsTold(spec, row));
    }

    [Fact]
    public void PluginsGuide_EveryKey_HasARowWithDefaultAndBounds()
    {
        // The tops of files are told in words.
        foreach (var table in ((IReadOnlyList<KeyTable>[])[PluginKeys.All, InventoryKeys.All, ProfileKeys.All]).SelectMany(tables => tables.Count == 1 ? tables : tables.Skip(1)).Where(table => table != InventoryKeys.Auth && table != PluginKeys.Requires))
        {
            Assert.All(table.Keys.Where(spec => spec.Use == KeyUse.Read || spec.Name == "allow_mutations"), spec => Assert.Contains(Rows("plugins.md", spec.Name), row => IsTold(spec, row)));
        }
    }

    [Fact]
    public void PluginsSample_Loads()
    {
        var found = ConfigLoader.Load(ConfigLocation.Find(Repository.At("samples/plugins"), new FakeEnvironment()), new FakeEnvironment()).Plugins.Plugins;

        Assert.Equal(["echo Ok", "proxmox PendingSetup"], found.Select(p => $"{p.Name} {p.Status}"));
    }

    private static string[] Rows(string guide, string name) =>
    [
        .. File.ReadLines(Repository.At("docs/guide/" + guide))
            .Where(line => line.StartsWith('|') && line.Split('|')[1].Contains($"`{name}`", StringComparison.Ordinal))
            .Select(line => WebUtility.HtmlDecode(line)!),
    ];

    [Fact]
    public void Guide_Rows_NameNoKeyThatIsNot()
    {
        var known = RouterKeys.All.SelectMany(table => table.Keys).SelectMany(spec => spec.Aliases.Prepend(spec.Name)).ToHashSet(StringComparer.Ordinal);
        var isTableOfKeys = false;
        var rows = 0;
        foreach (var line in File.ReadLines(Repository.At("docs/guide/configuration.md")))
        {
            isTableOfKeys = line.StartsWith("| key ", StringComparison.Ordinal) || (isTableOfKeys && line.StartsWith('|'));
            if (isTableOfKeys && line.StartsWith("| `", StringComparison.Ordinal))
            {
                rows++;
                Assert.All(line.Split('|')[1].Split('`').Where((_, i) => i % 2 == 1), name => Assert.Contains(name, known));
            }
        }

        Assert.True(rows > 20, $"{rows} rows were found.");
    }

    [Fact]
    public void BackendsGuide_EveryKeyAndVariable_HasARow()
    {
        var rows = File.ReadLines(Repository.At("docs/guide/backends.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();
        var own = BackendKeys.Table.Keys.Where(spec => spec.Use != KeyUse.Refused && ServerKeys.Table.Find(spec.Name) != spec).Select(spec => spec.Name)
            .Concat(BackendsKeys.Table.ReadNames)
            .Concat(RoutingKeys.Table.Keys.Select(spec => spec.Name));
        var nested = ((KeyTable[])[RouteKeys.Table, HealthKeys.Table, BreakerKeys.Table, RetryKeys.Table])
            .SelectMany(table => table.Keys)
            .Select(spec => spec.Aliases.LastOrDefault(alias => alias.Contains('_', StringComparison.Ordinal)) ?? spec.Name);
        string[] variables =
        [
            "MCP_SERVER_NAME", "MCP_HOST", "MCP_PORT", "MCP_BACKENDS_CONFIG", "MCP_DEFAULT_STRATEGY", "MCP_ENABLE_NAMESPACES", "MCP_CACHE_TTL",
            "MCP_REQUEST_TIMEOUT", "MCP_HEALTH_CHECK_INTERVAL", "MCP_HEALTH_CHECK_TIMEOUT", "MCP_MAX_RETRIES", "MCP_RETRY_BACKOFF", "MCP_MAX_BACKOFF",
        ];

        Assert.All(
            own.Concat(nested).Concat(variables),
            name => Assert.Contains(rows, row => row.Split('|')[1].Contains($"`{name}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void BackendsGuide_Example_Loads()
    {
        var example = File.ReadAllText(Repository.At("docs/guide/backends.md")).Split("```yaml\n")[1].Split("```")[0];

        Assert.Equal("db", Expect.Server(Workspace.LoadBackends(example)).Prefix);
    }

    [Fact]
    public void Guide_Examples_Load()
    {
        var blocks = File.ReadAllText(Repository.At("docs/guide/configuration.md")).Split("```");
        var examples = blocks.Where(block => block.StartsWith("jsonc\n", StringComparison.Ordinal)).Select(block => block["jsonc\n".Length..]).ToArray();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            Expect.Clean(Workspace.LoadText(example, ("HOME", "/home/me"), ("GITHUB_TOKEN", "t"), ("API_KEY", "k")));
        }
    }

    private static bool IsTold(KeySpec spec, string row) =>
        spec.Aliases.All(alias => row.Contains($"`{alias}`", StringComparison.Ordinal))
        && spec.Choices.All(choice => row.Contains($"`{choice}`", StringComparison.Ordinal))
        && spec.Spellings.All(spelling => row.Contains($"`{spelling.Written}`", StringComparison.Ordinal))
        && (spec.Default is null || row.Contains($"`{spec.Default}`", StringComparison.Ordinal))
        && (spec.Type is not (KeyType.Duration or KeyType.Size or KeyType.Count or KeyType.Number) || row.Contains(spec.Bounds, StringComparison.Ordinal));
}
