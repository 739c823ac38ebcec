using Mimir.Functional.Harness;

namespace Mimir.Functional.Plugins;

/// <summary>Files that other programs' users have, before the real router and real children.</summary>
public sealed class OtherConfigTests
{
    [Fact(Timeout = 120_000)]
    public async Task Instances_InFoldersOfData_AreServersAndFollowTheirFiles()
    {
        var config = new Config(new Marker());
        config.File("data/example/mcp_settings.json", Instance(config, "example_instance"));
        await using var router = await Router.HttpAsync(config);
        var client = await router.LegacyClientAsync();
        Assert.Null((await client.CallAsync("example_instance_echo")).Code);

        var second = Path.Combine(router.Folder, "data", "second");
        Directory.CreateDirectory(second);
        await File.WriteAllTextAsync(Path.Combine(second, "mcp_settings.json"), Instance(config, "second"));
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("second_echo"));

        await File.WriteAllTextAsync(Path.Combine(second, "mcp_settings.json"), Instance(config, "second").Replace("\"isActive\": true", "\"isActive\": false", StringComparison.Ordinal));
        await router.UntilAsync(async () => !(await client.ToolNamesAsync()).Contains("second_echo"));
        Assert.Null((await client.CallAsync("example_instance_echo")).Code);
    }

    /// <summary>The line that clients of mcpmu have, with our program in its place.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("work")]
    [InlineData("home")]
    [InlineData(null)]
    public async Task Mcpmu_TwoNamespaces_ServesTheOneThatIsChosenOrAdvises(string? space)
    {
        var config = new Config(new Marker()).WithoutMain().Serve(["--stdio", .. space is null ? [] : (string[])["--namespace", space]]);
        config.File("./config.json", $$"""
            {
              "schemaVersion": 1,
              "servers": {
                "files": {{Server(config, "files")}},
                "mail": {{Server(config, "mail")}}
              },
              "namespaces": {
                "work": { "serverIds": ["files"], "denyByDefault": true },
                "home": { "serverIds": ["files", "mail"], "serverDefaults": { "mail": true } }
              },
              "toolPermissions": [
                { "namespace": "work", "server": "files", "toolName": "echo", "enabled": true },
                { "namespace": "home", "server": "mail", "toolName": "ledger", "enabled": true }
              ]
            }
            """);
        await using var router = await Router.StdioAsync(config);
        if (space is null)
        {
            var refused = await router.Stdio.InitializeAsync("2025-11-25");
            Assert.Equal(-32600, refused.Code);
            Assert.Contains("work", refused.ToString(), StringComparison.Ordinal);
            return;
        }

        Assert.Null((await router.Stdio.InitializeAsync("2025-11-25")).Code);
        var tools = await router.Stdio.ToolNamesAsync();
        Assert.Equal(space == "work", tools.Length == 1);
        Assert.Contains("files.echo", tools);
        Assert.Equal(space == "home", tools.Contains("mail.ledger"));
        Assert.DoesNotContain("mail.echo", tools);
        Assert.Null((await router.Stdio.CallAsync("files.echo")).Code);
        Assert.NotNull((await router.Stdio.CallAsync("mail.echo")).Code);
    }

    private static string Server(Config config, string name) => $$"""
        { "command": "{{Repository.Wicked}}", "args": ["--script", "{\"name\":\"{{name}}\"}"], "env": { "{{Marker.Variable}}": "{{config.Marker.Word}}", "{{Marker.Role}}": "{{name}}" } }
        """;

    private static string Instance(Config config, string name) => $$"""
        {
          "provider": "example", "isActive": true, "name": "{{name}}", "type": "stdio",
          {{Server(config, name).Trim()[1..]}}
        """;
}
