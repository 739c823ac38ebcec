using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Cli.Calls;
using Mimir.Cli.Hosting;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir call</c>: one tool, once, with a person in front of it.</summary>
internal sealed class CallCommand : Command
{
    private static readonly JsonDocumentOptions StrictJson = new() { AllowDuplicateProperties = false };

    private readonly Argument<string> _name = new("NAME") { Description = "The tool, by the name that mimir tools shows." };

    private readonly Option<JsonObject?> _args = new("--args")
    {
        Description = "Its arguments: a JSON object, e.g. '{\"text\":\"hello\"}'.",
        HelpName = "JSON",
        CustomParser = result => ParseArguments(result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<bool> _json = CommonOptions.Json("Print the whole result as JSON, structured content included.");

    private readonly Option<string?> _namespace;

    public CallCommand(CliContext context)
        : base("call", "Call one tool. Progress and questions appear in the terminal; Ctrl-C cancels the call.")
    {
        Add(_name);
        Add(_args);
        Add(_json);
        _namespace = CommonOptions.InNamespace(context, "The namespace to look from: names are those of its clients. Default: all servers, as the operator sees them.");
        Add(_namespace);
        SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
    }

    /// <summary>Reads the text after <c>--args</c>; an error says where the JSON breaks.</summary>
    internal static JsonObject? ParseArguments(string text, Action<string> addError)
    {
        try
        {
            if (JsonNode.Parse(text, documentOptions: StrictJson) is JsonObject arguments)
            {
                return arguments;
            }

            addError("--args must be a JSON object, e.g. '{\"text\":\"hello\"}'.");
        }
        catch (JsonException e)
        {
            var place = e.BytePositionInLine is { } column ? $" at line {e.LineNumber + 1}, byte {column + 1}" : "";
            addError($"--args is not valid JSON{place}. In most shells it needs single quotes around it: --args '{{\"text\":\"hello\"}}'.");
        }

        return null;
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new RunRequest { Config = parsed.GetValue(CommonOptions.Config), Namespace = parsed.GetValue(_namespace) };
        var run = await context.Host.StartAsync(request, cancellationToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            var name = parsed.GetRequiredValue(_name);
            CommandFailure? unknown = null;
            ToolRow tool;
            try
            {
                var finding = ToolLookup.FindAsync(run, name, cancellationToken);
                await StartTalk.WhileAsync(context.Console, run, finding).ConfigureAwait(false);
                tool = await finding.ConfigureAwait(false);
            }
            catch (CommandFailure failure) when (ToolLookup.Unlisted(run, name) is not null)
            {
                (tool, unknown) = (ToolLookup.Unlisted(run, name)!, failure);
            }

            var call = new ToolCall(context.Console, tool, parsed.GetValue(_args) ?? [], parsed.GetValue(_json)) { IfUnknown = unknown };
            var pipe = run.Connect();
            await using (pipe.ConfigureAwait(false))
            {
                return await call.RunAsync(pipe, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
