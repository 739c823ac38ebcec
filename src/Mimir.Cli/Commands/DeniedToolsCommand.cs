using System.CommandLine;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;
using Mimir.Configuration.Editing;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir server denied-tools</c>: what <c>deniedTools</c> of a server says, and where.</summary>
internal sealed class DeniedToolsCommand : Command
{
    public DeniedToolsCommand(CliContext context)
        : base("denied-tools", "Show which tools of a server are denied wherever it is offered.")
    {
        var name = CommonOptions.Server(context, "SERVER");
        var json = CommonOptions.Json("Print {\"server\",\"deniedTools\":[...]} instead of a table.");
        Add(name);
        Add(json);
        SetAction(parsed =>
        {
            var server = parsed.GetRequiredValue(name);
            var read = context.Host.Configuration(parsed.GetValue(CommonOptions.Config)).Read();
            IReadOnlyList<DeniedTool> tools;
            try
            {
                tools = ServerEdits.DeniedTools(read, server);
            }
            catch (ConfigEditException e)
            {
                throw new CommandFailure(ExitCodes.Usage, e.Message, e);
            }

            if (parsed.GetValue(json))
            {
                // {"server","deniedTools":[{"tool","file","line"}]}
                context.Console.Out.WriteLine(JsonText.Build(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("server", server);
                    writer.WriteStartArray("deniedTools");
                    foreach (var tool in tools)
                    {
                        writer.WriteStartObject();
                        writer.WriteString("tool", tool.Name);
                        writer.WriteString("file", tool.Mark.File);
                        writer.WriteNumber("line", tool.Mark.Line);
                        writer.WriteEndObject();
                    }

                    writer.WriteEndArray();
                    writer.WriteEndObject();
                }));
                return ExitCodes.Success;
            }

            var table = new TextTable("TOOL", "SOURCE");
            foreach (var tool in tools)
            {
                table.Add((tool.Name, Ink.Bold), ($"{tool.Mark.File}:{tool.Mark.Line}", Ink.Plain));
            }

            table.WriteTo(context.Console);
            return ExitCodes.Success;
        });
    }
}
