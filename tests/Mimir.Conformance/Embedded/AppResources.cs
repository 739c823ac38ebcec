using Mimir.Embed.Hosting;
using Mimir.Embed.Resources;

namespace Mimir.Conformance.Embedded;

/// <summary>The resources.</summary>
internal static class AppResources
{
    private const string Template = "test://template/{id}/data";

    public static void AddTo(McpHost host)
    {
        host.Resources.Add("test://static-text", "static-text", "A line of text", "text/plain", static () => "This is the content of the static text resource.");
        host.Resources.Add("test://static-binary", "static-binary", "A picture", "image/png", static _ => new(ResourceBody.Bytes(Samples.Png)));
        host.Resources.Add("test://watched-resource", "watched-resource", "A line that clients watch", "text/plain", static () => "Watched resource");
        host.Resources.AddTemplate(Template, "template-data", "JSON about an id", "application/json", static request => new(Data(request.Variables["id"])));
        host.Resources.Complete(Template, "id", "123", "124", "456");
    }

    private static ResourceBody Data(string id) => ResourceBody.Json(new { Id = id, TemplateTest = true, Data = $"Data for ID: {id}" });
}
