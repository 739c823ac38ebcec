using System.Text.Json;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;

namespace Mimir.Conformance.Embedded;

/// <summary>An app with a loop of its own and an embedded host that listens, with everything the suite asks a server for by name.</summary>
internal sealed class EmbeddedApp : IAsyncDisposable
{
    private const string Contact =
        """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
         "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
         "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},
         "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
         "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]},
         "additionalProperties":false}
        """;

    private readonly Loop _loop = new();
    private readonly McpHost _host;

    public EmbeddedApp()
    {
        _host = new McpHost(new McpHostOptions { Name = "mimir-fixture-embedded", Port = 0, IsAnnounced = false, MainThread = _loop.Queue });
        _host.UseTools(new ContentTools()).UseTools(new TellingTools()).UseTools(new AskingTools()).UseTools(new InputTools()).UseTools(new ListTools(_host)).UsePrompts(new AppPrompts());
        _host.Prompts.Complete("test_prompt_with_arguments", "arg1", "paris", "park", "party");
        _host.Prompts.Complete("test_prompt_with_arguments", "arg2", request => request.Arguments.TryGetValue("arg1", out string? first) && first.StartsWith('p') ? ["madrid", "malta"] : []);
        _host.Tools.Add(new ToolDefinition("json_schema_2020_12_tool", "Describes its input in the wider words of JSON Schema 2020-12.", JsonElement.Parse(Contact), context => new(ToolResult.Text($"Received {context.Arguments.Count}"))));
        AppResources.AddTo(_host);
        _host.Start();
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => _host.Endpoint!;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _loop.Dispose();
    }
}
