using System.Text.Json;
using Mimir.Cli.Terminal;
using ModelContextProtocol.Protocol;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Mimir.Cli.Calls;

/// <summary>A form, asked field by field. A person may look it over before it is sent; a script's answers are sent as they are.</summary>
internal static class FormQuestion
{
    private const string Decline = ":decline";
    private const string Cancel = ":cancel";

    /// <summary>Asks all fields.</summary>
    public static async ValueTask<ElicitResult> AskAsync(CliConsole console, RequestSchema? schema, CancellationToken cancellationToken)
    {
        var fields = FormFields.From(schema);
        console.Error.WriteLine(console.OnError(Ink.Faint, $"({Decline} refuses, {Cancel} breaks off)"));
        while (true)
        {
            var content = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var field in fields)
            {
                var (result, value) = await AskFieldAsync(console, field, cancellationToken).ConfigureAwait(false);
                if (result is not null)
                {
                    return result;
                }

                if (value is { } given)
                {
                    content[field.Name] = given;
                }
            }

            switch (await ReviewAsync(console, fields, content, cancellationToken).ConfigureAwait(false))
            {
                case Verdict.Send:
                    return Answers.Accept(content);
                case Verdict.Decline:
                    return Answers.Decline;
                case Verdict.Cancel:
                    return Answers.Cancel;
            }
        }
    }

    private static async ValueTask<(ElicitResult? End, JsonElement? Value)> AskFieldAsync(
        CliConsole console, FormField field, CancellationToken cancellationToken)
    {
        if (field.Description is { } description)
        {
            console.Error.WriteLine("  " + console.OnError(Ink.Faint, SafeText.Prose(description)));
        }

        for (var i = 0; i < field.Choices.Count; i++)
        {
            console.Error.WriteLine($"    {i + 1}) {SafeText.Prose(field.Choices[i].Title)}");
        }

        while (true)
        {
            console.Error.Write($"  {console.OnError(Ink.Bold, SafeText.Prose(field.Label))} ({SafeText.Prose(field.Hint)}): ");
            var line = await console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            switch (line?.Trim())
            {
                case null:
                    console.Error.WriteLine();
                    return (Answers.Cancel, null);
                case Decline:
                    return (Answers.Decline, null);
                case Cancel:
                    return (Answers.Cancel, null);
                case "" when field.Default is { } preset:
                    return (null, preset);
                case "" when !field.IsRequired:
                    return (null, null);
            }

            var (value, error) = line.Trim().Length == 0 ? (null, "an answer is needed") : field.Parse(line);
            if (value is not null)
            {
                return (null, value);
            }

            console.Error.WriteLine("  " + console.OnError(Ink.Bad, SafeText.Prose(error)));
            if (!console.InIsTerminal)
            {
                // The lines that follow were written for other fields.
                return (Answers.Cancel, null);
            }
        }
    }

    private static async ValueTask<Verdict> ReviewAsync(
        CliConsole console, IReadOnlyList<FormField> fields, Dictionary<string, JsonElement> content, CancellationToken cancellationToken)
    {
        if (!console.InIsTerminal)
        {
            return Verdict.Send;
        }

        foreach (var field in fields)
        {
            var shown = content.TryGetValue(field.Name, out var value) ? SafeText.Prose(value.ToString()) : "-";
            console.Error.WriteLine($"  {SafeText.Prose(field.Label)}: {shown}");
        }

        while (true)
        {
            console.Error.Write("Send this? [Y]es, [e]dit, [d]ecline or [c]ancel? ");
            var line = await console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            switch (line?.Trim().ToUpperInvariant())
            {
                case "" or "Y" or "YES":
                    return Verdict.Send;
                case "E" or "EDIT":
                    return Verdict.Edit;
                case "D" or "DECLINE":
                    return Verdict.Decline;
                case null or "C" or "CANCEL":
                    return Verdict.Cancel;
            }
        }
    }

    private enum Verdict : byte
    {
        Send,
        Edit,
        Decline,
        Cancel,
    }
}
