using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Tests.Binding;

/// <summary>What servers are given of secrets: from where, under which names, and what is said when something is amiss.</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly Workspace _w = new();

    public void Dispose() => _w.Dispose();

    [Theory]
    [InlineData(true, true, true, "of-env", SecretSource.Environment)]
    [InlineData(true, false, true, "of-env", SecretSource.Environment)]
    [InlineData(false, true, true, "of-vault", SecretSource.Vault)]
    [InlineData(false, false, true, "of-file", SecretSource.DotEnv)]
    public void Find_InSeveralPlaces_TakesEnvironmentThenVaultThenDotEnv(bool env, bool vault, bool file, string expected, SecretSource source)
    {
        if (env) _w.Environment["API_KEY"] = "of-env";
        if (vault) _w.Vault["API_KEY"] = "of-vault";
        if (file) DotEnv("API_KEY=of-file\n");

        var result = Load("\"command\": \"x\", \"env\": { \"A\": \"<${secret:API_KEY}>\" }, \"credentialRefs\": [\"API_KEY\"]");

        Assert.NotNull(result.Model);
        var given = Environment(result);
        Assert.Equal($"<{expected}>", given["A"]);
        Assert.Equal(expected, given["API_KEY"]);
        Assert.Equal(new SecretUse("API_KEY", "a", source), Assert.Single(result.Secrets));
        Assert.Equal(env && vault ? 1 : 0, result.Issues.Length);
        if (env && vault) Expect.Warning(result, "", "API_KEY has another value in the environment, which goes first", "mimir secret remove API_KEY");
    }

    [Fact]
    public void Find_EmptyVariable_IsNotSet()
    {
        _w.Environment["API_KEY"] = "";
        _w.Vault["API_KEY"] = "of-vault";

        Assert.Equal("of-vault", Environment(Load("\"command\": \"x\", \"credentialRefs\": [\"API_KEY\"]"))["API_KEY"]);
    }

    [Fact]
    public void Load_NobodyRefersToASecret_OpensNothing()
    {
        DotEnv("no line of it is right\n");

        var result = Load("\"command\": \"x\", \"env\": { \"A\": \"$${secret:API_KEY}\" }, \"credentialRefs\": []");

        Expect.Clean(result);
        Assert.Equal(0, _w.Vault.Reads);
        Assert.Empty(result.SecretFiles);
        Assert.Equal("${secret:API_KEY}", Environment(result)["A"]);
    }

    [Fact]
    public void Load_SeveralReferences_OpensTheVaultOnce()
    {
        _w.Vault["A_KEY"] = "1";
        _w.Vault["B_KEY"] = "2";

        var result = Load("\"command\": \"x\", \"env\": { \"A\": \"${secret:A_KEY}${secret:B_KEY}\" }, \"credentialRefs\": [\"*_KEY\"]");

        Assert.Equal(1, _w.Vault.Reads);
        Assert.Equal("12", Environment(result)["A"]);
        Assert.Equal(["1", "2"], ((StdioModel)Expect.Server(result).Transport).Secrets);
        Assert.Equal([.. _w.Vault.Files, Path.Combine(_w.Folder, ".env")], result.SecretFiles);
    }

    [Fact]
    public void Patterns_OfOneServer_GiveItItsOwnAndNobodyElse()
    {
        foreach (var name in (string[])["GITHUB_TOKEN", "JIRA_USER", "JIRA_PASSWORD", "NOBODYS"]) _w.Vault[name] = name.ToLowerInvariant();
        _w.Environment["JIRA_URL"] = "u";
        DotEnv("JIRA_LATE=l\nOTHERS=o\n");
        _w.Write("mimir.json", """
            { "mcpServers": {
              "a": { "command": "x", "credentialRefs": ["GITHUB_TOKEN"] },
              "b": { "command": "x", "credential_refs": ["JIRA_*"], "env": { "JIRA_USER": "mine" } },
              "c": { "command": "x" }, "d": { "command": "x", "credentialRefs": ["*"] } } }
            """);

        var servers = Expect.Clean(_w.Load()).Servers;

        Assert.Equal(["GITHUB_TOKEN=github_token"], Lines(servers[0]));
        Assert.Equal(["github_token"], ((StdioModel)servers[0].Transport).Secrets);
        Assert.Empty(((StdioModel)servers[2].Transport).Secrets);
        Assert.Equal(["JIRA_LATE=l", "JIRA_PASSWORD=jira_password", "JIRA_URL=u", "JIRA_USER=mine"], Lines(servers[1]));
        Assert.Empty(Lines(servers[2]));

        // What is all wildcards takes nothing of the environment, which holds much that is no secret.
        Assert.Equal(["GITHUB_TOKEN", "JIRA_LATE", "JIRA_PASSWORD", "JIRA_USER", "NOBODYS", "OTHERS"], Lines(servers[3]).Select(l => l.Split('=')[0]));
    }

    [Theory]
    [InlineData("PATH")]
    [InlineData("HOME")]
    [InlineData("XDG_API_KEY")]
    [InlineData("LC_KEY")]
    [InlineData("MIMIR_VAULT_KEY")]
    [InlineData("LD_PRELOAD")]
    [InlineData("NODE_OPTIONS")]
    public void Names_ThatAreNoSecrets_AreNeverMatchedAndRefusedWhenWritten(string name)
    {
        _w.Environment[name] = "v";
        _w.Vault[name] = "w";
        _w.Vault["A_KEY"] = "k";

        Assert.Equal(["A_KEY"], Environment(Load($"\"command\": \"x\", \"credentialRefs\": [\"{name[..2]}*\", \"*{name[^1]}\", \"?*\"]", mayWarn: true)).Keys);
        Expect.Error(Load($"\"command\": \"x\", \"credentialRefs\": [\"{name}\"]"), "mcpServers.a.credentialRefs[0]", "the name of a secret may not", "");
        Expect.Error(Load($"\"command\": \"x\", \"env\": {{ \"A\": \"${{secret:{name}}}\" }}"), "mcpServers.a.env.A", "the name of a secret may not", "");
    }

    [Fact]
    public void Missing_Written_IsAnErrorWithPlaceAndCommand()
    {
        var issue = Expect.Error(
            Load("\"command\": \"x\", \"env\": { \"A\": \"${secret:API_KEY}\" }"), "mcpServers.a.env.A", "the secret API_KEY is not set", "mimir secret set API_KEY");

        Assert.Equal(1, issue.Line);
    }

    [Fact]
    public void Missing_InHeaders_IsAnErrorToo() => Expect.Error(
        Load("\"url\": \"http://h/\", \"headers\": { \"Authorization\": \"Bearer ${secret:API_KEY}\" }"),
        "mcpServers.a.headers.Authorization", "the secret API_KEY is not set", "mimir secret set API_KEY");

    [Fact]
    public void Headers_WithASecret_HoldIt()
    {
        _w.Vault["API_KEY"] = "k";

        var server = Expect.Server(Load("\"url\": \"http://h/\", \"headers\": { \"Authorization\": \"Bearer ${secret:API_KEY}\" }"));

        Assert.Equal("Bearer k", ((HttpModel)server.Transport).Headers["Authorization"]);
        Assert.DoesNotContain("Bearer k", server.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_Claimed_IsAWarningAndTheServerStarts()
    {
        var result = Load("\"command\": \"x\", \"credentialRefs\": [\"API_KEY\"]");

        Expect.Warning(result, "mcpServers.a.credentialRefs[0]", "the secret API_KEY is not set", "mimir secret set API_KEY");
        Assert.Equal(new SecretUse("API_KEY", "a", SecretSource.None), Assert.Single(result.Secrets));
    }

    [Fact]
    public void Missing_ThroughAPattern_IsAWarning() =>
        Expect.Warning(Load("\"command\": \"x\", \"credentialRefs\": [\"API_*\"]"), "mcpServers.a.credentialRefs[0]", "matches no secret", "mimir secret set");

    [Fact]
    public void Missing_OfAServerThatIsOff_IsPassedOver()
    {
        var result = Load("\"command\": \"x\", \"enabled\": false, \"credentialRefs\": [\"API_KEY\", \"B*\"], \"env\": { \"A\": \"${secret:API_KEY}\" }");

        Assert.Equal("", Expect.Text(result));
        Assert.Equal("a", Assert.Single(result.Secrets).Server);
    }

    [Theory]
    [InlineData("\"command\": \"x\", \"args\": [\"${secret:API_KEY}\"]", "args[0]", "a command line", "env")]
    [InlineData("\"command\": \"${secret:API_KEY}\"", "command", "a command line", "env")]
    [InlineData("\"url\": \"http://h/?k=${secret:API_KEY}\"", "url", "an address", "headers")]
    [InlineData("\"url\": \"http://h/\", \"healthCheck\": { \"endpoint\": \"/${secret:API_KEY}\" }", "healthCheck.endpoint", "an address", "headers")]
    [InlineData("\"command\": \"x\", \"cwd\": \"/${secret:API_KEY}\"", "cwd", "env and headers of a server only", "")]
    [InlineData("\"command\": \"x\", \"callTimeout\": \"${secret:API_KEY}\"", "callTimeout", "env and headers of a server only", "")]
    [InlineData("\"command\": \"x\", \"credentialRefs\": [\"${secret:API_KEY}\"]", "credentialRefs[0]", "env and headers of a server only", "")]
    [InlineData("\"command\": \"x\", \"deniedTools\": [\"${secret:API_KEY}\"]", "deniedTools[0]", "env and headers of a server only", "")]
    public void Reference_WhereItWouldBeSeen_IsRefused(string body, string key, string message, string remedy)
    {
        _w.Vault["API_KEY"] = "s3cr3t-V4lue";

        var result = Load(body);

        Expect.Error(result, $"mcpServers.a.{key}", message, remedy);
        Assert.Equal(0, _w.Vault.Reads);
    }

    [Fact]
    public void Reference_AtTheTop_IsRefused() => Expect.Error(
        Workspace.LoadText("""{ "defaultNamespace": "${secret:API_KEY}", "naming": {} }"""), "defaultNamespace", "env and headers of a server only", "");

    [Theory]
    [InlineData("${secret:API_KEY:-x}", "letters, digits and underscores", "without a default")]
    [InlineData("${secret:}", "letters, digits and underscores", "")]
    [InlineData("${secret:A B}", "letters, digits and underscores", "")]
    [InlineData("${MIMIR_VAULT_KEY}", "the key of the vault", "${secret:NAME}")]
    public void Reference_Misspelled_IsAnError(string text, string message, string remedy) =>
        Expect.Error(Load($"\"command\": \"x\", \"env\": {{ \"A\": \"{text}\" }}"), "mcpServers.a.env.A", message, remedy);

    [Fact]
    public void Refs_OfAnAddress_AreRefused()
    {
        _w.Vault["API_KEY"] = "k";

        Expect.Error(Load("\"url\": \"http://h/\", \"credentialRefs\": [\"API_KEY\"]"), "mcpServers.a.credentialRefs", "go with command", "${secret:NAME} in headers");
    }

    [Fact]
    public void Vault_Unreadable_IsOneErrorWithItsFileAndNothingIsCalledMissing()
    {
        _w.Vault.Fault = new CredentialFault("/v/secrets.vault", "was sealed with another key", "Give the key");

        var result = Load("\"command\": \"x\", \"credentialRefs\": [\"API_KEY\", \"B_*\"], \"env\": { \"A\": \"${secret:OTHER_KEY}\" }");

        var issue = Expect.Error(result, "", "was sealed with another key", "Give the key");
        Assert.Equal("/v/secrets.vault", issue.File);
    }

    [Fact]
    public void Value_Changed_ChangesItsUsersAlone()
    {
        _w.Vault["A_KEY"] = "1";
        _w.Vault["B_KEY"] = "1";
        _w.Write("mimir.json", """{ "mcpServers": { "a": { "command": "x", "credentialRefs": ["A_KEY"] }, "b": { "command": "x", "env": { "K": "${secret:B_KEY}" } }, "c": { "url": "http://h/", "headers": { "K": "${secret:A_KEY}" } } } }""");
        var before = Expect.Clean(_w.Load()).Servers;

        _w.Vault["A_KEY"] = "2";
        var after = Expect.Clean(_w.Load()).Servers;

        Assert.NotEqual(before[0], after[0]);
        Assert.Equal(before[1], after[1]);
        Assert.NotEqual(before[2], after[2]);
    }

    [Fact]
    public void Backends_ReferToSecrets_AsServersDo()
    {
        _w.Vault["A_KEY"] = "k";
        _w.Write("b.yaml", """
            naming: { separator: _ }
            backends:
              - { name: one, command: x, credential_refs: [A_KEY], env: { B: "<${secret:A_KEY}>" } }
              - { name: two, url: "http://h/", headers: { C: "${secret:A_KEY}" } }
              - { name: three, command: x }
            """);

        var servers = Expect.Clean(_w.Load(Path.Combine(_w.Folder, "b.yaml"))).Servers;

        Assert.Equal(["A_KEY=k", "B=<k>"], Lines(servers[0]));
        Assert.Equal("k", ((HttpModel)servers[1].Transport).Headers["C"]);
        Assert.Empty(Lines(servers[2]));
    }

    [Fact]
    public void Patterns_WithABracketOrAStarThatIsTooLong_AreToldOnce() => Expect.Error(
        Load($"\"command\": \"x\", \"credentialRefs\": [\"{new string('*', 257)}\"]"), "mcpServers.a.credentialRefs[0]", "257 characters", "API_*");

    [Fact]
    public void Records_ToString_NeverShowASecret()
    {
        const string Secret = "s3cr3t-V4lue";
        _w.Vault["API_KEY"] = Secret;

        var result = Load($"\"command\": \"x\", \"credentialRefs\": [\"API_KEY\"], \"env\": {{ \"A\": \"${{secret:API_KEY}}\" }}");

        var server = Expect.Server(result);
        foreach (var shown in (object[])[result, result.Model!, server, server.Transport, ((StdioModel)server.Transport).Environment, result.Secrets[0], _w.Vault.Read()])
        {
            Assert.DoesNotContain(Secret, shown.ToString(), StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string> Environment(ConfigResult result) =>
        ((StdioModel)Assert.Single(result.Model!.Servers).Transport).Environment.ToDictionary(StringComparer.Ordinal);

    private static IEnumerable<string> Lines(ServerModel server) => ((StdioModel)server.Transport).Environment.Select(e => $"{e.Key}={e.Value}");

    private ConfigResult Load(string body, bool mayWarn = false)
    {
        _w.Write("mimir.json", $$"""{ "mcpServers": { "a": { {{body}} } } }""");
        var result = _w.Load();
        if (mayWarn) Assert.DoesNotContain(result.Issues, i => i.Severity == IssueSeverity.Error);
        return result;
    }

    private void DotEnv(string text)
    {
        var path = _w.Write(".env", text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
