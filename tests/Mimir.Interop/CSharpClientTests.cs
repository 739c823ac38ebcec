using System.Diagnostics;
using Mimir.Peers;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Interop;

/// <summary>The official C# SDK lists and uses everything that is behind Mimir, over every transport that it has.</summary>
public sealed class CSharpClientTests(Ensemble ensemble, ModernEnsemble modern, AcrossErasEnsemble across)
{
    [Theory(Timeout = 120_000)]
    [InlineData("stdio")]
    [InlineData("http")]
    [InlineData("sse")]
    public async Task Client_InTheSessionEraThroughMimir_UsesEverything(string transport)
    {
        await using CSharpClient self = await CSharpClient.ConnectAsync(
            Transport(transport, ensemble.Origin, ensemble.ConfigurationPath), revision: transport == "sse" ? null : "2025-11-25");

        await ListsOfTheSessionEraAsync(self.Client);
        foreach (string server in Ensemble.Kinds.Where(server => server.Value == "everything").Select(server => server.Key))
        {
            await UseEverythingAsync(self, server);
            await UseSessionAsync(self, server);
        }

        await UseFilesAsync(self);
        await UseMemoryAsync(self);
        Assert.True(DateTime.TryParse(await self.TextAsync("apps_get_time"), out _));
        var page = Assert.IsType<TextResourceContents>((await self.Client.ReadResourceAsync("ui://get-time/mcp-app.html")).Contents[0]);
        Assert.Equal("text/html;profile=mcp-app", page.MimeType);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("stdio", "2026-07-28")]
    [InlineData("stdio", null)]
    [InlineData("http", "2026-07-28")]
    [InlineData("http", null)]
    public async Task Client_InTheStatelessEraThroughMimir_UsesEverything(string transport, string? revision)
    {
        await using CSharpClient self = await CSharpClient.ConnectAsync(
            Transport(transport, modern.Origin, modern.ConfigurationPath), revision);

        Assert.Equal("2026-07-28", self.Client.NegotiatedProtocolVersion);
        foreach (string server in ModernEnsemble.Kinds.Keys)
        {
            await UseModernAsync(self, server);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("stdio", "2026-07-28")]
    [InlineData("http", "2026-07-28")]
    [InlineData("http", null)]
    public async Task Client_InTheStatelessEraThroughMimir_UsesServersOfTheSessionEra(string transport, string? revision)
    {
        await using CSharpClient self = await CSharpClient.ConnectAsync(
            Transport(transport, across.Origin, across.ConfigurationPath), revision);

        Assert.Equal("2026-07-28", self.Client.NegotiatedProtocolVersion);
        foreach (string server in AcrossErasEnsemble.LegacyServers)
        {
            await UseEverythingAsync(self, server);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("stdio")]
    [InlineData("http")]
    [InlineData("sse")]
    public async Task Client_InTheSessionEraThroughMimir_UsesAnAppOfTheStatelessEra(string transport)
    {
        await using CSharpClient self = await CSharpClient.ConnectAsync(
            Transport(transport, across.Origin, across.ConfigurationPath), revision: transport == "sse" ? null : "2025-11-25");

        Assert.NotEqual("2026-07-28", self.Client.NegotiatedProtocolVersion);
        Assert.True(DateTime.TryParse(await self.TextAsync("apps_http_get_time"), out _));
        Assert.True(DateTime.TryParse(await self.TextAsync("apps_stdio_get_time"), out _));
        var page = Assert.IsType<TextResourceContents>((await self.Client.ReadResourceAsync("ui://get-time/mcp-app.html")).Contents[0]);
        Assert.Equal("text/html;profile=mcp-app", page.MimeType);
    }

    private static IClientTransport Transport(string transport, Uri origin, string configuration) => transport switch
    {
        "stdio" => new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = "mimir",
            Command = Workshop.Mimir,
            Arguments = ["serve", "--config", configuration],
        }),
        "http" => new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(origin, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }),
        _ => new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(origin, "/sse"), TransportMode = HttpTransportMode.Sse }),
    };

    private static async Task ListsOfTheSessionEraAsync(McpClient client)
    {
        HashSet<string> wanted =
            ["everything_stdio_echo", "everything_sse_get_sum", "everything_http_trigger_sampling_request", "files_read_text_file", "memory_read_graph", "apps_get_time"];
        HashSet<string> found;

        // A list does not wait for a server that starts slowly; such a server's tools come later.
        long begun = Stopwatch.GetTimestamp();
        do
        {
            string[] tools = [.. (await client.ListToolsAsync()).Select(tool => tool.Name)];
            Assert.Equal(tools.Length, tools.Distinct(StringComparer.Ordinal).Count());
            found = [.. tools];
        }
        while (!found.IsSupersetOf(wanted) && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30));

        Assert.Superset(wanted, found);
        Assert.Contains("everything_http_args_prompt", (await client.ListPromptsAsync()).Select(prompt => prompt.Name));
        Assert.Contains("memory://knowledge-graph", (await client.ListResourcesAsync()).Select(resource => resource.Uri));
        Assert.Contains("demo://resource/dynamic/text/{resourceId}", (await client.ListResourceTemplatesAsync()).Select(template => template.UriTemplate));
    }

    private static async Task UseEverythingAsync(CSharpClient self, string server)
    {
        string Named(string name) => Names.Prefixed(server, name);
        // A moment after it was greeted the server wants to know the roots, in the middle of whichever call is open then, unless it knows them.
        Assert.Contains(CSharpClient.Root, await self.TextAsync(Named("get-roots-list")), StringComparison.Ordinal);
        Assert.Equal("Echo: Þór", await self.TextAsync(Named("echo"), new { message = "Þór" }));
        Assert.Contains("42", await self.TextAsync(Named("get-sum"), new { a = 2, b = 40 }), StringComparison.Ordinal);
        Assert.NotNull((await self.CallAsync(Named("get-structured-content"), new { location = "Chicago" })).StructuredContent);
        Assert.IsType<ImageContentBlock>((await self.CallAsync(Named("get-tiny-image"))).Content[1]);
        foreach (var link in (await self.CallAsync(Named("get-resource-links"), new { count = 3 })).Content.OfType<ResourceLinkBlock>())
        {
            Assert.Equal(link.Uri, (await self.Client.ReadResourceAsync(link.Uri)).Contents[0].Uri);
        }

        // That they leave Mimir in their order is tested with clients that read the wire.
        await self.ProgressAsync(Named("trigger-long-running-operation"), new { duration = 0.4, steps = 4 }, [1f, 2f, 3f], 4);

        Assert.Contains("sampled<", await self.TextAsync(Named("trigger-sampling-request"), new { prompt = "hello", maxTokens = 10 }), StringComparison.Ordinal);
        CallToolResult form = await self.CallAsync(Named("trigger-elicitation-request"));
        Assert.Contains("Name: Ada", Assert.IsType<TextContentBlock>(form.Content[1]).Text, StringComparison.Ordinal);
        Assert.Contains("https://example.com/a?b=c", await self.TextAsync(Named("trigger-url-elicitation"), new { url = "https://example.com/a?b=c" }), StringComparison.Ordinal);

        GetPromptResult prompt = await self.Client.GetPromptAsync(Named("args-prompt"), CSharpClient.Arguments(new { city = "Bergen" }));
        Assert.Contains("Bergen", Assert.IsType<TextContentBlock>(prompt.Messages[0].Content).Text, StringComparison.Ordinal);
        CompleteResult completion = await self.Client.CompleteAsync(new PromptReference { Name = Named("completable-prompt") }, "department", "E");
        Assert.Equal(["Engineering"], completion.Completion.Values);

        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await self.Client.CallToolAsync(
            Named("trigger-long-running-operation"), CSharpClient.Arguments(new { duration = 20, steps = 5 }), cancellationToken: enough.Token));
        Assert.Equal("Echo: still here", await self.TextAsync(Named("echo"), new { message = "still here" }));
    }

    /// <summary>What a client of the session era may set for its session, and hears in it.</summary>
    private static async Task UseSessionAsync(CSharpClient self, string server)
    {
        string Named(string name) => Names.Prefixed(server, name);
        await self.Client.SetLoggingLevelAsync(LoggingLevel.Debug);
        await self.CallAsync(Named("toggle-simulated-logging"));
        await self.HearsAsync(NotificationMethods.LoggingMessageNotification);
        await self.CallAsync(Named("toggle-simulated-logging"));

        CallToolResult made = await self.CallAsync(
            Named("gzip-file-as-resource"), new { name = $"{server}-cs.gz", data = "data:text/plain;base64,aGVsbG8=", outputType = "resourceLink" });
        string uri = Assert.Single(made.Content.OfType<ResourceLinkBlock>()).Uri;
        await self.Client.SubscribeToResourceAsync(uri);
        await self.CallAsync(Named("toggle-subscriber-updates"));
        await self.HearsAsync(NotificationMethods.ResourceUpdatedNotification, update => update.GetProperty("uri").GetString() == uri);
        await self.CallAsync(Named("toggle-subscriber-updates"));
        await self.Client.UnsubscribeFromResourceAsync(uri);
    }

    private async Task UseFilesAsync(CSharpClient self)
    {
        string path = Path.Combine(ensemble.Folder.FullName, $"{Guid.NewGuid():N}.txt");
        await self.CallAsync("files_write_file", new { path, content = "eins\nzwei" });
        Assert.Equal("eins\nzwei", await self.TextAsync("files_read_text_file", new { path }));
        Assert.True((await self.CallAsync("files_read_text_file", new { path = "/etc/hostname" })).IsError);
    }

    private static async Task UseMemoryAsync(CSharpClient self)
    {
        string name = $"Freki {Guid.NewGuid():N}";
        await self.CallAsync("memory_create_entities", new { entities = new[] { new { name, entityType = "wolf", observations = new[] { "greedy" } } } });
        Assert.Contains("greedy", await self.TextAsync("memory_open_nodes", new { names = new[] { name } }), StringComparison.Ordinal);
        await self.CallAsync("memory_delete_entities", new { entityNames = new[] { name } });
        Assert.DoesNotContain(name, await self.TextAsync("memory_read_graph"), StringComparison.Ordinal);
    }

    private static async Task UseModernAsync(CSharpClient self, string server)
    {
        string Named(string name) => Names.Prefixed(server, name);
        Assert.Contains(Named("test_simple_text"), (await self.Client.ListToolsAsync()).Select(tool => tool.Name));
        Assert.Contains(Named("test_simple_prompt"), (await self.Client.ListPromptsAsync()).Select(prompt => prompt.Name));
        Assert.Contains("test://static-text", (await self.Client.ListResourcesAsync()).Select(resource => resource.Uri));
        Assert.Contains("simple text", await self.TextAsync(Named("test_simple_text")), StringComparison.Ordinal);
        Assert.Equal("""{"region":"Þórshöfn","count":42,"dry":false}""", await self.TextAsync(Named("test_x_mcp_header"), new { region = "Þórshöfn", count = 42, dry = false }));
        Assert.Equal("Hello, Ada!", await self.TextAsync(Named("test_input_required_result_elicitation")));
        Assert.Contains("sampled<", await self.TextAsync(Named("test_input_required_result_sampling")), StringComparison.Ordinal);
        Assert.Equal(CSharpClient.Root, await self.TextAsync(Named("test_input_required_result_list_roots")));
        Assert.Equal("Ada likes blue", await self.TextAsync(Named("test_input_required_result_multi_round")));

        await self.ProgressAsync(Named("test_tool_with_progress"), null, [0f, 50f, 100f], 100);

        GetPromptResult prompt = await self.Client.GetPromptAsync(Named("test_input_required_result_prompt"));
        Assert.Equal("Use this context: here", Assert.IsType<TextContentBlock>(prompt.Messages[0].Content).Text);
        Assert.Contains("\"9\"", Assert.IsType<TextResourceContents>((await self.Client.ReadResourceAsync("test://template/9/data")).Contents[0]).Text, StringComparison.Ordinal);
        CompleteResult completion = await self.Client.CompleteAsync(new PromptReference { Name = Named("test_prompt_with_arguments") }, "arg1", "pari");
        Assert.Equal(["paris"], completion.Completion.Values);

        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await self.Client.CallToolAsync(
            Named("wait"), CSharpClient.Arguments(new { ms = 30_000 }), cancellationToken: enough.Token));
        Assert.Equal("Hello, again!", await self.TextAsync(Named("greet"), new { name = "again" }));
    }
}
