using System.Text;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Upstreams;

public sealed class ResourceContentsTests
{
    [Theory]
    [InlineData("""{"id":1,"result":{"contents":[{"uri":"a:b","text":"x"},{"uri" : "c"}]}}""", """{"id":1,"result":{"contents":[{"uri":"mimir://p/a:b","text":"x"},{"uri" : "mimir://p/c"}]}}""")]
    [InlineData("""{"result":{"uri":"u","other":[{"uri":"u"}],"contents":[{"_meta":{"uri":"u"}}]},"id":1}""", """{"result":{"uri":"u","other":[{"uri":"u"}],"contents":[{"_meta":{"uri":"u"}}]},"id":1}""")]
    [InlineData("""{"result":{"contents":[{"\ud800xx":1,"uri":"u"}]}}""", """{"result":{"contents":[{"\ud800xx":1,"uri":"u"}]}}""")]
    [InlineData("""{"result":{"contents":7}}""", """{"result":{"contents":7}}""")]
    public void Qualify_UrisOfContentsAlone_GetThePrefix(string frame, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ResourceContents.Qualify(Encoding.UTF8.GetBytes(frame), "mimir://p/"u8.ToArray(), 64)));
}
