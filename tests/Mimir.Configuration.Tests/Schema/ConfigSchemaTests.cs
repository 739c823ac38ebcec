using System.Text;
using Mimir.Configuration.Schema;
using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests.Schema;

public sealed class ConfigSchemaTests
{
    public static TheoryData<string> Kinds => [.. SchemaKind.All.Select(k => k.Name)];

    private static readonly MiniSchema Router = MiniSchema.Parse(ConfigSchema.Router());

    [Fact]
    public void Schemas_AreAllPublished() =>
        Assert.Equal(SchemaKind.All.Select(k => k.File).Order(StringComparer.Ordinal), Directory.GetFiles(Repository.At("schema")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    /// <summary>Set MIMIR_UPDATE_SCHEMA=1 to write the files anew instead of comparing them.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void SchemaFile_Regenerated_IsTheSame(string name)
    {
        var kind = SchemaKind.All.Single(k => k.Name == name);
        var (path, text) = ("schema/" + kind.File, kind.Write());
        if (Environment.GetEnvironmentVariable("MIMIR_UPDATE_SCHEMA") == "1")
        {
            File.WriteAllText(Repository.At(path), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }

        Assert.Equal(text, File.ReadAllText(Repository.At(path)));
    }

    /// <summary>What the loader takes without a word, the schema takes; what is plainly misspelled, neither takes.</summary>
    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{ "$schema": "x", "mcpServers": {}, "naming": {}, "limits": {} }""", true)]
    [InlineData("""{ "servers": { "a": { "command": "x" } } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "args": ["a", 1, true], "env": { "A": 1 }, "cwd": "/", "enabled": "${A:-true}" } } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "url": "http://h/", "headers": { "A": "b" }, "transport": "streamable_http" } } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "httpUrl": "http://h/", "callTimeout": 0.5, "startupTimeout": "100ms", "sharing": "session" } } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "serverUrl": "http://h/", "protocol": "2026-07-28", "prefix": "${P:-p}" } } }""", true)]
    [InlineData("""{ "naming": { "separator": "__", "prefix": "on-collision" } }""", true)]
    [InlineData("""{ "limits": { "maxMessageBytes": 65536, "maxQueuedBytes": "1GiB", "sessionIdle": "1h", "listGrace": 0, "maxBatch": "${B:-5}" } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "cluster": "c", "health_check": { "interval_seconds": 1 }, "circuit_breaker": { "half_open_attempts": 1 } } } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "routes": [{ "pattern": "x", "strategy": "fallback", "fallback_to": ["b"] }] }, "b": { "command": "x" } } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "cluster": "c" } }, "clusters": { "c": { "balancer": "roundRobin" } }, "retry": { "multiplier": 1.5 } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "routes": { "pattern": "x" } } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "routes": [{ "pattern": "x", "strategi": "path" }] } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "routes": [{ "pattern": "x", "strategy": "fallback", "fallbackTo": [] }] } } }""", false)]
    [InlineData("""{ "clusters": { "c": { "balancer": "random" } } }""", false)]
    [InlineData("""{ "retry": { "multiplier": 0.5 } }""", false)]
    [InlineData("""{ "retry": { "multiplier": "2" } }""", false)]
    [InlineData("""{ "mcpServer": {} }""", false)]
    [InlineData("[]", false)]
    [InlineData("""{ "inputs": [] }""", false)]
    [InlineData("""{ "mcpServers": { "a/b": { "command": "x" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": {} } }""", false)]
    [InlineData("""{ "mcpServers": { "a": "npx" } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "url": "http://h/" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "url": "http://h/", "httpUrl": "http://h/" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "comand": "x" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "excludeTools": ["b*"], "tools": [] } } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "deniedTools": "b" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x" } }, "namespaces": { "n": { "servers": ["a"], "permissions": { "a": { "default": "deny" } } } } }""", true)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x" } }, "namespaces": { "n": { "servers": ["a"], "permissions": { "a": { "default": "no" } } } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x" } }, "namespaces": { "n": { "servers": ["a"], "toolPermissions": [] } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "args": "y" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "args": [null] } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "enabled": "true" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "type": "STDIO" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "prefix": "_p" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "callTimeout": "5d" } } }""", false)]
    [InlineData("""{ "mcpServers": { "a": { "command": "x", "callTimeout": 0.01 } } }""", false)]
    [InlineData("""{ "naming": { "separator": "____" } }""", false)]
    [InlineData("""{ "limits": { "maxMessageBytes": "16MB" } }""", false)]
    [InlineData("""{ "limits": { "maxMessageBytes": 1 } }""", false)]
    [InlineData("""{ "limits": { "maxBatch": 1.5 } }""", false)]
    [InlineData("""{ "limits": { "maxBatch": "5" } }""", false)]
    public void SchemaAndLoader_Text_Agree(string json, bool isGood)
    {
        var result = Workspace.LoadText(json);

        Assert.True(isGood == (result.Model is not null), Expect.Text(result));
        Assert.Equal(isGood, Router.Accepts(json));
    }

    /// <summary>JSON is YAML as well, so the same text serves both.</summary>
    [Theory]
    [InlineData("""{ "backends": [], "naming": { "separator": "_" } }""", true)]
    [InlineData("""{ "backends": null, "routing": null, "naming": { "separator": "_" } }""", true)]
    [InlineData("""{ "backends": [{ "name": "a", "url": "http://h/", "namespace": null, "health_check": { "endpoint": null } }], "naming": { "separator": "_" } }""", true)]
    [InlineData("""{ "backends": [{ "name": "a", "source": "http://h/", "routes": [{ "pattern": "x", "strategy": "path", "fallback_to": null }] }], "naming": { "separator": "_" } }""", true)]
    [InlineData("""{ "backends": [{ "name": "a", "command": "x", "args": [1], "env": { "A": 1 }, "auto_start": true, "callTimeout": 5 }], "naming": { "separator": "_" } }""", true)]
    [InlineData("""{ "backends": [], "routing": { "default_strategy": "path", "retry": { "max_attempts": 3, "max_backoff_seconds": 1.5 } }, "naming": { "separator": "_" } }""", true)]
    [InlineData("""{ "backends": {}, "naming": { "separator": "_" } }""", false)]
    [InlineData("""{ "backends": [{ "name": 7, "url": "http://h/" }], "naming": { "separator": "_" } }""", false)]
    [InlineData("""{ "backends": [{ "name": "a", "url": "http://h/", "prefix": "p" }], "naming": { "separator": "_" } }""", false)]
    [InlineData("""{ "backends": [{ "name": "a", "url": "http://h/", "circuit_breaker": { "half_open_attempts": 0 } }], "naming": { "separator": "_" } }""", false)]
    [InlineData("""{ "mcpServers": {}, "naming": { "separator": "_" } }""", false)]
    public void SchemaAndLoader_Backends_Agree(string json, bool isGood)
    {
        var result = Workspace.LoadYaml(json);

        Assert.True(isGood == (result.Model is not null), Expect.Text(result));
        Assert.Equal(isGood, MiniSchema.Parse(ConfigSchema.Backends()).Accepts(json));
    }

    [Fact]
    public void Schema_IgnoredKeys_AreMarked() =>
        Assert.True(Router.AcceptsAs("server", """{ "command": "x", "autoApprove": ["a"], "description": "d", "timeout": 60 }"""));
}
