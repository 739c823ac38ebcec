using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Router.Setup;

namespace Mimir.Configuration.Editing;

/// <summary>Writes manifests of plugins.</summary>
internal static class PluginScaffold
{
    /// <summary>A manifest for a program: its name, what is started, the secrets that it may be given, and nothing else that it is allowed.</summary>
    public static byte[] Manifest(SetupChange change)
    {
        var text = new StringBuilder();
        text.Append("[plugin]\nname = ").Append(Quote(change.Name)).Append("\nversion = \"0.1.0\"\nenabled = true\n");
        if (change.Description is not null)
        {
            text.Append("description = ").Append(Quote(change.Description)).Append('\n');
        }

        text.Append("\n[runtime]\ncommand = ").Append(Quote(change.Command ?? "")).Append("\nargs = ").Append(List(change.Arguments)).Append('\n')
            .Append("\n[security]\ncredential_refs = ").Append(List(change.CredentialRefs)).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    /// <summary>A basic string of TOML. The escapes of JSON are all among those of TOML, but for that of the solidus, which is not made.</summary>
    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
