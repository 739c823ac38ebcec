global using Mimir.Router.Tests.Support;
global using Xunit;
